using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Benchmarks.Micro;

/// <summary>The response to a check of 200 tasks: half of them in progress, the others done.</summary>
internal static class CannedCheck
{
    public static TaskId[] Ids { get; } =
        [.. Enumerable.Range(1, 200).Select(number => new TaskId($"{new Guid(number, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0)}"))];

    public static string Json { get; } = new JObject
    {
        ["result"] = new JObject(Ids.Select((id, index) => new JProperty($"{id}", index % 2 == 0 ? Progress() : Success()))),
    }.ToString(Formatting.None);

    private static JObject Presets() => new()
    {
        ["task_type"] = "split",
        ["label"] = "stem_separator",
        ["stem"] = "vocals",
        ["splitter"] = "andromeda",
        ["dereverb_enabled"] = false,
        ["encoder_format"] = "mp3",
    };

    private static JObject Progress() => new()
    {
        ["status"] = "progress",
        ["source_id"] = "3f0c6a1e-7b52-4d8f-9a64-c1e85d20b7f3",
        ["presets"] = Presets(),
        ["progress"] = 42,
    };

    private static JObject Success() => new()
    {
        ["status"] = "success",
        ["source_id"] = "3f0c6a1e-7b52-4d8f-9a64-c1e85d20b7f3",
        ["presets"] = Presets(),
        ["result"] = new JObject
        {
            ["duration"] = 214,
            ["tracks"] = new JArray(new[] { ("stem", "vocals"), ("back", "no_vocals") }.Select(track => new JObject
            {
                ["type"] = track.Item1,
                ["label"] = track.Item2,
                ["url"] = $"http://d.lalal.ai/5d1b8e47-c203-4f9a-b6e5-90a7f34d12c8/7f3a90c2/{track.Item2}",
                ["name"] = $"evening-rehearsal_{track.Item2}.mp3",
                ["size"] = 5_204_416,
                ["playlist_file"] = null,
                ["waveform"] = null,
            })),
        },
    };
}

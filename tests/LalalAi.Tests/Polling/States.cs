using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Polling;

/// <summary>What a check says about one task, in the service's form.</summary>
internal static class States
{
    public static JObject Progress(int percent) => With("progress", ("progress", percent));

    public static JObject Success() => With("success", ("result", new JObject
    {
        ["tracks"] = new JArray(
            new JObject { ["type"] = "stem", ["label"] = "vocals", ["url"] = "https://cdn.example/vocals" },
            new JObject { ["type"] = "back", ["label"] = "no_vocals", ["url"] = "https://cdn.example/no_vocals" }),
        ["duration"] = 180,
    }));

    public static JObject Failure() =>
        With("error", ("error", new JObject { ["detail"] = "No vocals were found.", ["code"] = "inference_error" }));

    public static JObject Canceled() => With("cancelled");

    public static JObject ServerError() => new() { ["status"] = "server_error", ["error"] = "Task not found" };

    public static JObject Unknown() => With("paused");

    private static JObject With(string status, params (string Name, JToken Value)[] more)
    {
        var state = new JObject
        {
            ["status"] = status,
            ["source_id"] = "0a0b0c0d-0000-4000-8000-000000000001",
            ["presets"] = new JObject
            {
                ["task_type"] = "split",
                ["label"] = "stem_separator",
                ["stem"] = "vocals",
                ["splitter"] = "phoenix",
            },
        };
        foreach (var (name, value) in more)
        {
            state[name] = value;
        }

        return state;
    }
}

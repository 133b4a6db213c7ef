using System.Net.Http.Headers;
using System.Text;
using LalalAi.Models;
using Newtonsoft.Json;

namespace LalalAi.Downloads;

/// <summary>
/// What has to be known of an incomplete download to resume it, also in another process. It is found by the track alone, before the server
/// says what the file is called. The link is not part of it: it is signed, and it expires.
/// </summary>
internal sealed record PartRecord
{
    public const string Suffix = ".part.json";

    private const int MaximumLength = 64 * 1024;

    [JsonProperty("task")]
    public string Task { get; init; } = string.Empty;

    [JsonProperty("label")]
    public string Label { get; init; } = string.Empty;

    [JsonProperty("index")]
    public int? Index { get; init; }

    /// <summary>The path of the part below the folder of the download, with slashes.</summary>
    [JsonProperty("part")]
    public string Part { get; init; } = string.Empty;

    /// <summary>The name that the track has without a template.</summary>
    [JsonProperty("name")]
    public string? Name { get; init; }

    /// <summary>The strong entity tag, or <see langword="null"/> if the server sent none; then the bytes cannot be continued.</summary>
    [JsonProperty("etag")]
    public string? EntityTag { get; init; }

    [JsonProperty("total")]
    public long? Total { get; init; }

    /// <summary>The number of bytes that are safely on the disk. After a power cut the bytes behind them can be anything.</summary>
    [JsonProperty("flushed")]
    public long Flushed { get; init; }

    [JsonIgnore]
    public EntityTagHeaderValue? Validator =>
        EntityTagHeaderValue.TryParse(EntityTag ?? string.Empty, out var tag) && !tag.IsWeak ? tag : null;

    public static PartRecord Of(TaskTrack track) => new() { Task = track.TaskId.Value, Label = track.Label, Index = track.Index };

    /// <summary>
    /// Returns the path of a track's record: <c>vocals-2f1c6a54.part.json</c>, and numbered ones for downloads at the same time.
    /// </summary>
    public static string PathOf(string root, TaskTrack track, int number)
    {
        var task = SafeFileName.Clean(track.TaskId.Value) ?? "task";
        var name = $"{SafeFileName.Clean(track.Label) ?? "track"}-{Utf8.Truncate(task, 8)}";
        return Path.Combine(root, Utf8.Truncate(name, 200) + (number == 1 ? string.Empty : $" ({number})") + Suffix);
    }

    public bool Describes(TaskTrack track) => Task == track.TaskId.Value && Label == track.Label && Index == track.Index;

    /// <summary>Reads a record, or returns <see langword="null"/> if the file is something else.</summary>
    public static PartRecord? Read(FileStream file)
    {
        if (file.Length is 0 or > MaximumLength)
        {
            return null;
        }

        try
        {
            var bytes = new byte[file.Length];
            file.Position = 0;
            var length = file.Read(bytes, 0, bytes.Length);
            return JsonConvert.DeserializeObject<PartRecord>(Encoding.UTF8.GetString(bytes, 0, length));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the record in one piece, in the place of the previous one.</summary>
    public void Write(FileStream file)
    {
        var bytes = Encoding.UTF8.GetBytes(JsonConvert.SerializeObject(this));
        file.Position = 0;
        file.Write(bytes, 0, bytes.Length);
        file.SetLength(bytes.Length);
    }
}

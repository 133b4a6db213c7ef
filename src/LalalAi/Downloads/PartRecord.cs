using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json;

namespace LalalAi.Downloads;

/// <summary>
/// What has to be known of an unfinished download to go on with it, also from another process. The link is not part of it: it is signed, and it expires.
/// </summary>
internal sealed record PartRecord
{
    private const int MaximumLength = 64 * 1024;

    [JsonProperty("task")]
    public string Task { get; init; } = string.Empty;

    [JsonProperty("label")]
    public string Label { get; init; } = string.Empty;

    /// <summary>The name that the track has without a template.</summary>
    [JsonProperty("name")]
    public string? Name { get; init; }

    /// <summary>The strong entity tag, or <see langword="null"/> when the server gave none; then the bytes cannot be continued.</summary>
    [JsonProperty("etag")]
    public string? EntityTag { get; init; }

    [JsonProperty("total")]
    public long? Total { get; init; }

    [JsonIgnore]
    public EntityTagHeaderValue? Validator => EntityTagHeaderValue.TryParse(EntityTag ?? string.Empty, out var tag) && !tag.IsWeak ? tag : null;

    public bool Describes(TaskTrack track) => Task == track.TaskId.Value && Label == track.Label;

    /// <summary>Reads a record, or returns <see langword="null"/> when the file is none.</summary>
    public static PartRecord? TryRead(string path)
    {
        try
        {
            return new FileInfo(path).Length > MaximumLength ? null : JsonConvert.DeserializeObject<PartRecord>(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a file is a record that was made and never written, because its process was killed in between.</summary>
    public static bool IsUnwritten(string path) => new FileInfo(path) is { Exists: true, Length: 0, Attributes: var attributes } && (attributes & FileAttributes.ReparsePoint) == 0;

    /// <summary>Writes the record to a new file.</summary>
    /// <exception cref="IOException">The file exists, or cannot be written; then there is none.</exception>
    public void Create(PartDisk disk, string path)
    {
        var file = disk.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        try
        {
            Write(file);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Writes the record in the place of an older one.</summary>
    public void Replace(PartDisk disk, string path) => Write(disk.Open(path, FileMode.Create, FileAccess.Write, FileShare.Read));

    private void Write(FileStream file)
    {
        using (file)
        {
            var text = Encoding.UTF8.GetBytes(JsonConvert.SerializeObject(this));
            file.Write(text, 0, text.Length);
        }
    }
}

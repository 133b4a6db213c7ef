using System.Text;
using LalalAi.Models;
using Newtonsoft.Json;

namespace LalalAi;

/// <summary>
/// A track that a task created. It contains the ID of its task, which the client uses to renew an expired link, or to get the link of a
/// track that was stored without it.
/// </summary>
/// <remarks>Tracks are equal by value. Neither equality nor text nor JSON includes the link.</remarks>
[System.Text.Json.Serialization.JsonConverter(typeof(ContractJsonConverter))]
public sealed record TaskTrack
{
    /// <summary>The task that created the track.</summary>
    [JsonProperty("task_id")]
    public required TaskId TaskId { get; init; }

    /// <summary>
    /// The content of the track, for example <c>vocals</c>, <c>no_vocals</c>, <c>vocals@0</c> or <c>converted_mix</c>. Unique within the
    /// task; empty if the service left it out.
    /// </summary>
    [JsonProperty("label")]
    public required string Label { get; init; }

    /// <summary>
    /// The position among the tracks of the task, from 0, or <see langword="null"/> if it is not known. It tells tracks with the same label
    /// apart when a link is renewed.
    /// </summary>
    [JsonProperty("index", NullValueHandling = NullValueHandling.Ignore)]
    public int? Index { get; init; }

    /// <summary>Whether the track is a stem or the rest of the recording.</summary>
    [JsonProperty("type")]
    public TrackType Type { get; init; }

    /// <summary>
    /// The name of the file, or <see langword="null"/> if the service did not send it. A download learns it from the link's response.
    /// </summary>
    [JsonProperty("name", NullValueHandling = NullValueHandling.Ignore)]
    public string? FileName { get; init; }

    /// <summary>The size in bytes, or <see langword="null"/> if the service did not send it.</summary>
    [JsonProperty("size", NullValueHandling = NullValueHandling.Ignore)]
    public long? Size { get; init; }

    /// <summary>
    /// The media type, by the extension of the file's name, for example <c>audio/mpeg</c>; <see langword="null"/> if it is not known.
    /// </summary>
    [JsonIgnore]
    public string? ContentType => MediaType.FromFileName(FileName) ?? MediaType.FromFileName(Url?.AbsolutePath);

    /// <summary>
    /// The signed download link, or <see langword="null"/> for a track that was stored; a download then asks for a new one. Anyone who has
    /// the link can download the track.
    /// </summary>
    [JsonIgnore]
    public Uri? Url { get; init; }

    /// <summary>Further fields that the service sent, links excepted; <see langword="null"/> if there were none.</summary>
    [JsonExtensionData]
    public AdditionalProperties? AdditionalProperties { get; init; }

    // The link is read, for answers that were stored as they came, and never written.
    [JsonProperty("url")]
    private string? Link
    {
        init => Url = ParseLink(value);
    }

    /// <summary>Returns whether both are the same track of the same task.</summary>
    public bool Equals(TaskTrack? other) =>
        other is not null
        && (TaskId, Label, Index, Type, FileName, Size) == (other.TaskId, other.Label, other.Index, other.Type, other.FileName, other.Size)
        && Equals(AdditionalProperties, other.AdditionalProperties);

    /// <inheritdoc/>
    public override int GetHashCode() => (TaskId, Label, Index, Type, FileName, Size).GetHashCode();

    internal static Uri? ParseLink(string? link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(
            FormattableString.Invariant($"TaskId = {TaskId}, Label = {Label}, Type = {Type}, FileName = {FileName}, Size = {Size}"));
        return true;
    }
}

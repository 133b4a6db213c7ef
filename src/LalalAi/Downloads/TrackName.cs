namespace LalalAi.Downloads;

/// <summary>The name that a track has when the caller gives no template: the server's, else the track's own, else its label.</summary>
internal static class TrackName
{
    private static readonly Dictionary<string, string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["audio/mpeg"] = ".mp3",
        ["audio/mp3"] = ".mp3",
        ["audio/wav"] = ".wav",
        ["audio/wave"] = ".wav",
        ["audio/x-wav"] = ".wav",
        ["audio/vnd.wave"] = ".wav",
        ["audio/flac"] = ".flac",
        ["audio/x-flac"] = ".flac",
        ["audio/ogg"] = ".ogg",
        ["application/ogg"] = ".ogg",
        ["audio/opus"] = ".opus",
        ["audio/aac"] = ".aac",
        ["audio/aacp"] = ".aac",
        ["audio/mp4"] = ".m4a",
        ["audio/m4a"] = ".m4a",
        ["audio/x-m4a"] = ".m4a",
        ["audio/aiff"] = ".aiff",
        ["audio/x-aiff"] = ".aiff",
        ["audio/webm"] = ".webm",
        ["video/mp4"] = ".mp4",
        ["video/x-matroska"] = ".mkv",
        ["video/x-msvideo"] = ".avi",
        ["video/quicktime"] = ".mov",
        ["video/webm"] = ".webm",
    };

    /// <summary>Returns a safe name with an extension, as far as one can be told.</summary>
    /// <param name="track">The track.</param>
    /// <param name="head">What the server said.</param>
    /// <param name="earlier">The name that an earlier, unfinished download of the track chose.</param>
    public static string Choose(TaskTrack track, ResponseHead head, string? earlier)
    {
        var name = SafeName.Clean(head.FileName) ?? SafeName.Clean(earlier) ?? SafeName.Clean(track.FileName) ?? SafeName.Clean(track.Label) ?? "track";
        return SafeName.SplitExtension(name).Extension.Length > 0 ? name : name + GuessExtension(head, track);
    }

    private static string GuessExtension(ResponseHead head, TaskTrack track)
    {
        if (head.MediaType is { } type && Extensions.TryGetValue(type, out var extension))
        {
            return extension;
        }

        return track.Url is { } link && SafeName.Clean(Uri.UnescapeDataString(link.AbsolutePath)) is { } last
            ? SafeName.SplitExtension(last).Extension
            : string.Empty;
    }
}

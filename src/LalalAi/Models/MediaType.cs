namespace LalalAi.Models;

/// <summary>The media types of the formats that the service reads and writes.</summary>
internal static class MediaType
{
    private static readonly Dictionary<string, string> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".aac"] = "audio/aac",
        [".aif"] = "audio/aiff",
        [".aiff"] = "audio/aiff",
        [".avi"] = "video/x-msvideo",
        [".flac"] = "audio/flac",
        [".m4a"] = "audio/mp4",
        [".mkv"] = "video/x-matroska",
        [".mov"] = "video/quicktime",
        [".mp3"] = "audio/mpeg",
        [".mp4"] = "video/mp4",
        [".ogg"] = "audio/ogg",
        [".opus"] = "audio/ogg",
        [".wav"] = "audio/wav",
        [".webm"] = "video/webm",
        [".wma"] = "audio/x-ms-wma",
    };

    public static string? FromFileName(string? fileName) =>
        fileName?.LastIndexOf('.') is >= 0 and var dot && ByExtension.TryGetValue(fileName.Substring(dot), out var type) ? type : null;
}

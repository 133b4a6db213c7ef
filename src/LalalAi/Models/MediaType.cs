namespace LalalAi.Models;

/// <summary>The media types of the formats that the service reads and writes, and the extensions of their files.</summary>
internal static class MediaType
{
    // The first extension of a type and the first type of an extension are the usual ones.
    private static readonly (string Extension, string Type)[] Formats =
    [
        (".aac", "audio/aac"),
        (".aac", "audio/aacp"),
        (".aiff", "audio/aiff"),
        (".aiff", "audio/x-aiff"),
        (".aif", "audio/aiff"),
        (".avi", "video/x-msvideo"),
        (".flac", "audio/flac"),
        (".flac", "audio/x-flac"),
        (".m4a", "audio/mp4"),
        (".m4a", "audio/m4a"),
        (".m4a", "audio/x-m4a"),
        (".mkv", "video/x-matroska"),
        (".mov", "video/quicktime"),
        (".mp3", "audio/mpeg"),
        (".mp3", "audio/mp3"),
        (".mp4", "video/mp4"),
        (".ogg", "audio/ogg"),
        (".ogg", "application/ogg"),
        (".opus", "audio/ogg"),
        (".opus", "audio/opus"),
        (".wav", "audio/wav"),
        (".wav", "audio/wave"),
        (".wav", "audio/x-wav"),
        (".wav", "audio/vnd.wave"),
        (".webm", "audio/webm"),
        (".webm", "video/webm"),
        (".wma", "audio/x-ms-wma"),
    ];

    private static readonly ILookup<string, string> Types =
        Formats.ToLookup(format => format.Extension, format => format.Type, StringComparer.OrdinalIgnoreCase);

    private static readonly ILookup<string, string> Extensions =
        Formats.ToLookup(format => format.Type, format => format.Extension, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the media type of a file by its extension, or <see langword="null"/> if it is not known.</summary>
    public static string? FromFileName(string? fileName) =>
        fileName?.LastIndexOf('.') is >= 0 and var dot ? Types[fileName.Substring(dot)].FirstOrDefault() : null;

    /// <summary>Returns the extension of a media type with its dot, or <see langword="null"/> if it is not known.</summary>
    public static string? ExtensionOf(string? mediaType) => mediaType is null ? null : Extensions[mediaType].FirstOrDefault();
}

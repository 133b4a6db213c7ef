namespace LalalAi.Sandbox.Links;

/// <summary>What a downloaded track is called, and the content type that goes with it.</summary>
internal static class DownloadName
{
    /// <param name="sourceName">The name of the uploaded file.</param>
    /// <param name="label">The track's label.</param>
    /// <param name="encoderFormat">The format that was asked for; null keeps the source's.</param>
    public static string Create(string sourceName, string label, string? encoderFormat)
    {
        var extension = encoderFormat is null ? Path.GetExtension(sourceName) : $".{encoderFormat}";
        return $"{Path.GetFileNameWithoutExtension(sourceName)}_{label}_split_by_lalalai{extension}";
    }

    /// <summary>Chosen by the extension alone: the bytes are never encoded anew.</summary>
    public static string ContentType(string name) => Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".WAV" => "audio/wav",
        ".MP3" => "audio/mpeg",
        ".FLAC" => "audio/flac",
        ".AAC" => "audio/aac",
        ".OGG" => "audio/ogg",
        _ => "application/octet-stream",
    };

    /// <summary>The header value, with the extended form of RFC 8187 for names that are not ASCII.</summary>
    public static string ContentDisposition(string name)
    {
        var plain = new string([.. name.Select(character => char.IsAscii(character) ? character : '_')]);
        var quoted = plain.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var extended = plain == name ? "" : $"; filename*=UTF-8''{Uri.EscapeDataString(name)}";
        return $"attachment; filename=\"{quoted}\"{extended}";
    }
}

namespace LalalAi.Sandbox.Links;

/// <summary>The name of a downloaded track.</summary>
internal static class DownloadName
{
    /// <param name="sourceName">The name of the uploaded file.</param>
    /// <param name="label">The track's label.</param>
    /// <param name="extension">The extension of the track's format.</param>
    public static string Create(string sourceName, string label, string extension) =>
        $"{Path.GetFileNameWithoutExtension(sourceName)}_{label}_split_by_lalalai{extension}";

    /// <summary>The header value, with the extended form of RFC 8187 for names that are not ASCII.</summary>
    public static string ContentDisposition(string name)
    {
        var plain = new string([.. name.Select(character => char.IsAscii(character) ? character : '_')]);
        var quoted = plain.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var extended = plain == name ? "" : $"; filename*=UTF-8''{Uri.EscapeDataString(name)}";
        return $"attachment; filename=\"{quoted}\"{extended}";
    }
}

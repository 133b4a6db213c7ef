using System.Text;
using LalalAi.Models;

namespace LalalAi.Uploads;

/// <summary>The file name of an upload, and its header.</summary>
internal static class UploadFileName
{
    // The longest name that file systems allow. The service derives the names of the tracks from it.
    private const int MaximumBytes = 255;

    /// <summary>Returns the name without a path and control characters, shortened to the limit of file systems.</summary>
    /// <exception cref="ArgumentException">The name is empty without invalid characters.</exception>
    public static string Clean(string fileName)
    {
        var segment = fileName.Substring(fileName.LastIndexOfAny(['/', '\\']) + 1);
        var name = new string([.. segment.Where(character => !char.IsControl(character))]).Trim();
        if (name.Length == 0 || name is "." or "..")
        {
            throw new ArgumentException(
                $"'{fileName}' is not the name of a file. Pass one with its extension, such as song.mp3: it tells the service the format.",
                nameof(fileName));
        }

        // The service derives the format from the extension. It is dropped if it leaves no room for a name.
        var dot = name.LastIndexOf('.');
        var extension = dot > 0 ? name.Substring(dot) : string.Empty;
        var room = MaximumBytes - Encoding.UTF8.GetByteCount(extension);
        return room > 0
            ? Utf8.Truncate(name.Substring(0, name.Length - extension.Length), room) + extension
            : Utf8.Truncate(name, MaximumBytes);
    }

    /// <summary>
    /// Returns the <c>Content-Disposition</c> for a clean name: plain (RFC 6266) for simple names, percent-encoded UTF-8 (RFC 8187) for all
    /// others. Only one of the two forms is sent, because receivers differ in which one they prefer.
    /// </summary>
    public static string ToContentDisposition(string name) =>
        name.All(character => character is >= ' ' and <= '~' and not ('"' or '\\' or '%'))
            ? $"attachment; filename=\"{name}\""
            : $"attachment; filename*=utf-8''{Uri.EscapeDataString(name)}";
}

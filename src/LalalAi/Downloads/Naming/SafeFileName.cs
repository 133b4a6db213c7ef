using System.Text;
using System.Text.RegularExpressions;
using LalalAi.Downloads;
using LalalAi.Models;

namespace LalalAi;

/// <summary>Creates safe names of files and folders from untrusted text, such as the title of a recording.</summary>
public static class SafeFileName
{
    /// <summary>The longest name that file systems allow, in bytes of UTF-8.</summary>
    internal const int MaximumBytes = 255;

    private const int LeastBytes = 16;

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    // The characters that Windows reserves, besides the separators.
    private static readonly Regex Reserved = new(@"[<>:""|?*]", RegexOptions.CultureInvariant, MatchTimeout);

    // Control characters, line separators, unpaired surrogates, and direction marks, which can make a name appear to have another
    // extension.
    private static readonly Regex Invisible = new(
        @"[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]"
        + @"|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]",
        RegexOptions.CultureInvariant,
        MatchTimeout);

    private static readonly Regex Device = new(
        @"^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(COM|LPT)[0-9¹²³]) *(\.|\z)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        MatchTimeout);

    /// <summary>
    /// Returns a name that every common file system accepts: without the characters that Windows reserves, separators, control characters,
    /// device names, and leading or trailing dots and spaces. The rules are the same on every operating system, because folders are
    /// shared and copied.
    /// </summary>
    /// <param name="name">The text. It is a single name, not a path: separators are replaced.</param>
    /// <param name="maxBytes">The maximum length in bytes of UTF-8, from 16 to 255. A longer name is shortened, and keeps its
    /// extension.</param>
    /// <returns>The name, or <c>_</c> if the text contains no valid characters.</returns>
    public static string Create(string name, int maxBytes = MaximumBytes)
    {
        if (name is null)
        {
            throw new ArgumentNullException(nameof(name));
        }

        if (maxBytes is < LeastBytes or > MaximumBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maxBytes), maxBytes, $"A name has from {LeastBytes} to {MaximumBytes} bytes.");
        }

        return Clean(name.Replace('/', '_').Replace('\\', '_')) is { } clean ? Fit(clean, maxBytes) : "_";
    }

    /// <summary>
    /// Returns the last segment of a name without characters that are special for a file system, or <see langword="null"/> if it is
    /// empty. The result is never <c>..</c>, a device, a hidden file, or the name of an incomplete download.
    /// </summary>
    internal static string? Clean(string? name)
    {
        if (name is null)
        {
            return null;
        }

        var segment = name.Substring(name.LastIndexOfAny(['/', '\\']) + 1);
        var clean = TrimEnd(Reserved.Replace(Invisible.Replace(segment, string.Empty), "_").TrimStart(' ', '.', '\u00A0'));
        return clean.Length == 0 ? null : Disarm(Device.IsMatch(clean) ? "_" + clean : clean);
    }

    /// <summary>Shortens a clean name to a number of bytes before its extension, and inserts a suffix there.</summary>
    internal static string Fit(string name, int maximumBytes, string suffix = "")
    {
        var (stem, extension) = SplitExtension(name);
        var room = maximumBytes - Encoding.UTF8.GetByteCount(suffix) - Encoding.UTF8.GetByteCount(extension);
        return Disarm((Encoding.UTF8.GetByteCount(stem) <= room ? stem : TrimEnd(Utf8.Truncate(stem, room))) + suffix + extension);
    }

    /// <summary>Splits a name before its extension. A dot within a sentence does not begin an extension.</summary>
    internal static (string Stem, string Extension) SplitExtension(string name)
    {
        var dot = name.LastIndexOf('.');
        var extension = dot > 0 ? name.Substring(dot) : string.Empty;
        return extension.Length is >= 2 and <= 11
            && extension.Skip(1).All(character => character is (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'))
            ? (name.Substring(0, dot), extension)
            : (name, string.Empty);
    }

    /// <summary>Changes names that look like an incomplete download or its record, which the next call would trust.</summary>
    private static string Disarm(string name)
    {
        foreach (var suffix in new[] { PartFile.Suffix, PartRecord.Suffix })
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                var dot = name.Length - suffix.Length;
                return name.Remove(dot, 1).Insert(dot, "_");
            }
        }

        return name;
    }

    // Windows drops trailing dots and spaces, so two names could be the same file.
    private static string TrimEnd(string name) => name.TrimEnd(' ', '.', '\u00A0');
}

using LalalAi.Downloads.Naming;

namespace LalalAi;

/// <summary>Makes names of files and folders from text that comes from elsewhere, such as the name of a recording.</summary>
public static class SafeFileName
{
    private const int LeastBytes = 16;

    /// <summary>
    /// Returns a name that every common file system accepts: without the characters that Windows reserves, separators, control characters,
    /// device names, and leading or trailing dots and spaces. The rules are the same on every system, because folders are shared and
    /// copied.
    /// </summary>
    /// <param name="name">The text. It is one name, not a path: separators are replaced.</param>
    /// <param name="maxBytes">The longest name in bytes of UTF-8, from 16 to 255. A longer one is shortened before its extension.</param>
    /// <returns>The name, or <c>_</c> if nothing of the text is left.</returns>
    public static string Create(string name, int maxBytes = SafeName.MaximumBytes)
    {
        if (name is null)
        {
            throw new ArgumentNullException(nameof(name));
        }

        if (maxBytes is < LeastBytes or > SafeName.MaximumBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maxBytes), maxBytes, $"A name has from {LeastBytes} to {SafeName.MaximumBytes} bytes.");
        }

        return SafeName.Clean(name.Replace('/', '_').Replace('\\', '_')) is { } clean ? SafeName.Fit(clean, maxBytes) : "_";
    }
}

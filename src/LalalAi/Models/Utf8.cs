using System.Text;

namespace LalalAi.Models;

/// <summary>Measures texts in UTF-8, as file systems do.</summary>
internal static class Utf8
{
    /// <summary>Shortens a text to a number of bytes, without halving a character.</summary>
    public static string Truncate(string text, int maximumBytes)
    {
        var length = 0;
        var bytes = 0;
        while (length < text.Length)
        {
            var width = char.IsSurrogatePair(text, length) ? 2 : 1;
            bytes += Encoding.UTF8.GetByteCount(text.Substring(length, width));
            if (bytes > maximumBytes)
            {
                break;
            }

            length += width;
        }

        return text.Substring(0, length);
    }
}

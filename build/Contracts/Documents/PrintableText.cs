using System.Globalization;
using System.Text;

namespace LalalAi.Contracts.Documents;

/// <summary>
/// Text of a document in one line of a terminal or a build log: a line break in it would start a message of its own, an escape sequence
/// would be obeyed.
/// </summary>
public static class PrintableText
{
    public static string Of(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")
                : printable.Append(character);
        }

        return printable.ToString();
    }
}

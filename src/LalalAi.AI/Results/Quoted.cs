using System.Globalization;
using System.Text;

namespace LalalAi.AI.Results;

/// <summary>Untrusted text as data: in quotes, on one line, of limited length.</summary>
internal static class Quoted
{
    private const int MaxLength = 200;

    public static string Of(string text) => $"'{Limit(text)}'";

    /// <summary>The text without quotes, for a separate field.</summary>
    public static string Limit(string text)
    {
        var visible = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(MaxLength))
        {
            visible.Append(IsVisible(rune) ? rune.ToString() : " ");
        }

        return visible.Length < text.Length ? $"{visible}…" : visible.ToString();
    }

    private static bool IsVisible(Rune rune) =>
        !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format);
}

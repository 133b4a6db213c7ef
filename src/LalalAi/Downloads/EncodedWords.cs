using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LalalAi.Downloads;

/// <summary>Decodes the encoded words of mail headers (RFC 2047), <c>=?utf-8?B?…?=</c>, which have no place in HTTP and turn up there all the same.</summary>
internal static class EncodedWords
{
    private static readonly Regex Word = new(@"=\?(?<charset>[^?\s]+)\?(?<encoding>[BbQq])\?(?<text>[^?\s]*)\?=(?:\s+(?==\?))?", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>Returns the text with each word that can be decoded decoded, and the others as they are.</summary>
    public static string Decode(string text) =>
        text.IndexOf("=?", StringComparison.Ordinal) < 0 ? text : Word.Replace(text, match => Decode(match) ?? match.Value);

    private static string? Decode(Match word)
    {
        try
        {
            var encoding = Encoding.GetEncoding(word.Groups["charset"].Value);
            var text = word.Groups["text"].Value;
            return encoding.GetString(word.Groups["encoding"].Value is "B" or "b" ? Convert.FromBase64String(text) : DecodeQuoted(text));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static byte[] DecodeQuoted(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '=' && index + 2 < text.Length && byte.TryParse(text.Substring(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                index += 2;
            }
            else
            {
                bytes.Add(text[index] == '_' ? (byte)' ' : (byte)text[index]);
            }
        }

        return [.. bytes];
    }
}

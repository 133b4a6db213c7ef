using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace LalalAi.Downloads;

/// <summary>
/// Reads the file name from a <c>Content-Disposition</c> as servers write it and not only as RFC 6266 wants it: <c>filename*</c> first, else <c>filename</c>, quoted
/// or not. What it returns is not safe yet.
/// </summary>
internal static class ContentDispositionName
{
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");

    /// <summary>Returns the name, or <see langword="null"/> when there is none that can be read.</summary>
    public static string? Read(HttpContentHeaders headers) =>
        headers.TryGetValues("Content-Disposition", out var values) ? Read(string.Join("; ", values)) : null;

    /// <inheritdoc cref="Read(HttpContentHeaders)"/>
    public static string? Read(string header)
    {
        string? plain = null;
        string? extended = null;
        foreach (var (name, value) in Parameters(header))
        {
            if (name.Equals("filename*", StringComparison.OrdinalIgnoreCase))
            {
                extended ??= DecodeExtended(value);
            }
            else if (name.Equals("filename", StringComparison.OrdinalIgnoreCase))
            {
                plain ??= EncodedWords.Decode(RepairUtf8(value));
            }
        }

        return string.IsNullOrWhiteSpace(extended) ? plain : extended;
    }

    private static IEnumerable<(string Name, string Value)> Parameters(string header)
    {
        var position = 0;
        while (position < header.Length)
        {
            var end = header.IndexOfAny(['=', ';'], position);
            if (end < 0)
            {
                yield break;
            }

            var name = header.Substring(position, end - position).Trim();
            position = end + 1;
            if (header[end] == '=')
            {
                yield return (name, ReadValue(header, ref position));
            }
        }
    }

    private static string ReadValue(string header, ref int position)
    {
        while (position < header.Length && header[position] == ' ')
        {
            position++;
        }

        if (position >= header.Length || header[position] != '"')
        {
            var end = header.IndexOf(';', position);
            var token = header.Substring(position, (end < 0 ? header.Length : end) - position).Trim();
            position = end < 0 ? header.Length : end + 1;
            return token;
        }

        var value = new StringBuilder();
        for (position++; position < header.Length && header[position] != '"'; position++)
        {
            // Only these two are escapes in practice: some servers send Windows paths as they are.
            if (header[position] == '\\' && position + 1 < header.Length && header[position + 1] is '"' or '\\')
            {
                position++;
            }

            value.Append(header[position]);
        }

        var next = header.IndexOf(';', Math.Min(position, header.Length));
        position = next < 0 ? header.Length : next + 1;
        return value.ToString();
    }

    /// <summary>RFC 8187: <c>UTF-8'en'na%C3%AFve.mp3</c>.</summary>
    private static string? DecodeExtended(string value)
    {
        var parts = value.Split(['\''], 3);
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            var encoding = parts[0].Trim().ToUpperInvariant() switch
            {
                "UTF-8" => StrictUtf8,
                "ISO-8859-1" => Latin1,
                _ => null,
            };
            return encoding?.GetString(PercentDecode(parts[2]));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static byte[] PercentDecode(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '%' && index + 2 < text.Length && byte.TryParse(text.Substring(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                index += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([text[index]]));
            }
        }

        return [.. bytes];
    }

    /// <summary>Header bytes arrive as Latin-1; what makes sense as UTF-8 was meant as such.</summary>
    private static string RepairUtf8(string text)
    {
        if (text.All(character => character < 0x80) || text.Any(character => character > 0xFF))
        {
            return text;
        }

        try
        {
            return StrictUtf8.GetString(Latin1.GetBytes(text));
        }
        catch (DecoderFallbackException)
        {
            return text;
        }
    }
}

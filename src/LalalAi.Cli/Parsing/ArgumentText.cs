using System.Globalization;
using System.Text;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Parsing;

/// <summary>Arguments that come as text: a response file, or a list of paths. A device could be a text without an end.</summary>
internal static class ArgumentText
{
    private const int MaximumCharacters = 10_000_000;

    /// <param name="reader">Where the text is read from.</param>
    /// <param name="origin">Where that is, for messages.</param>
    /// <exception cref="UsageException">The text is too long, or has no end.</exception>
    public static string Read(TextReader reader, string origin)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (reader.Read(buffer) is > 0 and var count)
        {
            if (text.Append(buffer, 0, count).Length > MaximumCharacters)
            {
                throw new UsageException(string.Create(
                    CultureInfo.InvariantCulture, $"{origin} has more than {MaximumCharacters:N0} characters. Split it into several."));
            }
        }

        return text.ToString();
    }
}

using LalalAi.Cli.Failures;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

/// <summary>Reads options whose values the contract lists, so that mistakes are found before an upload.</summary>
internal static class OptionValue
{
    // Common alternative spellings.
    private static readonly Dictionary<string, string> StemAliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["vocal"] = "vocals",
        ["voice"] = "vocals",
        ["drums"] = "drum",
        ["string"] = "strings",
        ["synth"] = "synthesizer",
        ["winds"] = "wind",
    };

    /// <exception cref="UsageException">The stem is not known, and validation is enabled.</exception>
    public static Stem ReadStem(string option, string value, bool isUnchecked) =>
        Read(option, StemAliases.GetValueOrDefault(value, value), Stem.KnownValues, text => new Stem(text), isUnchecked)!.Value;

    /// <summary>Reads a value, or returns <see langword="null"/> if the option was not given.</summary>
    /// <exception cref="UsageException">The value is not known, and validation is enabled.</exception>
    public static T? Read<T>(string option, string? value, IReadOnlyList<T> known, Func<string, T> create, bool isUnchecked)
        where T : struct, IOpenEnum
    {
        if (value is null)
        {
            return null;
        }

        var match = known.FirstOrDefault(each => string.Equals(each.Value, value.Replace('-', '_'), StringComparison.OrdinalIgnoreCase));
        var names = known.Select(each => each.Value).ToList();
        return match.Value is not null ? match
            : isUnchecked ? create(value)
            : throw new UsageException(
                $"Unknown {option} '{value}'.{Suggestion.For(value, names)} Available: "
                    + $"{string.Join(", ", names)}. --unchecked sends it anyway.");
    }
}


namespace LalalAi.Cli.Commands;

/// <summary>Reads options whose values the contract lists. A mistake is worth noticing before a file is uploaded.</summary>
internal static class OptionValue
{
    /// <summary>Reads a value, or returns <see langword="null"/> when the option was not given.</summary>
    /// <exception cref="UsageException">The value is not known, and is not to be sent unchecked.</exception>
    public static T? Read<T>(string option, string? value, IReadOnlyList<T> known, Func<string, T> create, bool isUnchecked)
        where T : struct, IOpenEnum
    {
        if (value is null)
        {
            return null;
        }

        var match = known.FirstOrDefault(each => string.Equals(each.Value, value.Replace('-', '_'), StringComparison.OrdinalIgnoreCase));
        return match.Value is not null ? match
            : isUnchecked ? create(value)
            : throw new UsageException($"{option} is '{value}'; it can be {string.Join(", ", known.Select(each => each.Value))}. If the service has learned it since, --unchecked sends it.");
    }
}

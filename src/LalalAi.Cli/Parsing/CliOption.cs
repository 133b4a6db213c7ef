using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LalalAi.Cli.Parsing;

/// <summary>The sections of a command's help, in order.</summary>
internal enum OptionGroup
{
    What,
    Inputs,
    Output,
    Cost,
    Network,
    General,
}

/// <summary>An option that the help lists in a group.</summary>
internal interface ICliOption
{
    OptionGroup Group { get; }
}

/// <inheritdoc cref="ICliOption"/>
internal sealed class CliOption<T>(OptionGroup group, string name, params string[] aliases) : Option<T>(name, aliases), ICliOption
{
    public OptionGroup Group { get; } = group;
}

/// <summary>Creates options. Their messages contain the option and its valid values, never a type name.</summary>
internal static class CliOption
{
    public static CliOption<bool> Flag(OptionGroup group, string name, string description, params string[] aliases) =>
        new(group, name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    public static CliOption<string?> Text(OptionGroup group, string name, string value, string description, params string[] aliases) =>
        NotEmpty(new CliOption<string?>(group, name, aliases) { Description = description, HelpName = value });

    public static CliOption<string[]> Texts(OptionGroup group, string name, string value, string description, params string[] aliases) =>
        NotEmpty(
            new CliOption<string[]>(group, name, aliases) { Description = description, HelpName = value, DefaultValueFactory = _ => [] });

    public static CliOption<string?> Choice<T>(
        OptionGroup group,
        string name,
        string value,
        string description,
        IReadOnlyList<T> known,
        params string[] aliases)
        where T : struct, IOpenEnum
    {
        var option = Text(group, name, value, description, aliases);
        option.CompletionSources.Add([.. known.Select(each => each.Value)]);
        return option;
    }

    /// <summary>An option that takes a number from a range.</summary>
    public static CliOption<double?> Number(
        OptionGroup group,
        string name,
        string description,
        double least = 0,
        double most = 1_000_000_000) =>
        new(group, name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
                Parse<double>(
                    result,
                    name,
                    text =>
                        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                            && number >= least
                            && number <= most
                            // Without the sign of -0.
                            ? number + 0.0
                            : null,
                    string.Create(CultureInfo.InvariantCulture, $"a number from {least:#,0.###} to {most:#,0.###}")),
        };

    /// <summary>An option that takes a whole number from a range.</summary>
    public static CliOption<int?> Integer(OptionGroup group, string name, string description, int least, int most) => new(group, name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse<int>(
            result,
            name,
            text =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                    ? number
                    : null,
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}")),
    };

    /// <summary>An option that takes a number of bytes, with an optional k, M or G for thousands, millions and billions.</summary>
    public static CliOption<long?> Bytes(OptionGroup group, string name, string description) => new(group, name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse<long>(result, name, ParseBytes, "a number of bytes, 1000 or more, such as 500k or 2M"),
    };

    /// <summary>Rejects an empty value, which comes from a variable that is not set. It must not mean the default.</summary>
    private static CliOption<T> NotEmpty<T>(CliOption<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
            {
                result.AddError($"{option.Name} is empty. Check the variable or the quotes that its value comes from.");
            }
        });
        return option;
    }

    private static long? ParseBytes(string text)
    {
        const double Least = 1000;
        var (digits, unit) = char.ToUpperInvariant(text.LastOrDefault()) switch
        {
            'K' => (text[..^1], 1e3),
            'M' => (text[..^1], 1e6),
            'G' => (text[..^1], 1e9),
            _ => (text, 1),
        };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * unit is >= Least and < long.MaxValue
            ? (long)(number * unit)
            : null;
    }

    private static T? Parse<T>(ArgumentResult result, string name, Func<string, T?> parse, string rule)
        where T : struct
    {
        var text = result.Tokens.Single().Value;
        var value = parse(text);
        if (value is null)
        {
            result.AddError($"{name} is '{text}'; it must be {rule}.");
        }

        return value;
    }
}

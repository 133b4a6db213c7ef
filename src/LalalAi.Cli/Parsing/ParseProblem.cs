using System.CommandLine;
using System.CommandLine.Parsing;

namespace LalalAi.Cli.Parsing;

/// <summary>Finds what is wrong with a command line, and says it in the words of the command line.</summary>
internal static class ParseProblem
{
    /// <summary>Returns the first problem, or <see langword="null"/>.</summary>
    public static string? Of(ParseResult result, IReadOnlyList<string> arguments)
    {
        var command = result.CommandResult.Command;
        // `-output out` would be taken for `-o utput`.
        if (arguments.TakeWhile(word => word != "--").FirstOrDefault(word => command.Options.Any(known => known.Name == $"-{word}"))
            is { } single)
        {
            return $"Unknown option '{single}'. Did you mean '-{single}'?";
        }

        if (UnknownOption(result) is { } option)
        {
            var names = command.Options.Where(known => !known.Hidden).SelectMany(known => known.Aliases.Append(known.Name)).ToList();
            return $"Unknown option '{option}'.{Suggestion.For(option, names)} A path that begins with a dash goes after --.";
        }

        if (command is RootCommand && result.UnmatchedTokens is [var word, ..])
        {
            return $"Unknown command '{word}'.{Suggestion.For(word, command.Subcommands.Select(known => known.Name).ToList())}";
        }

        if (OptionWithoutValue(result) is { } incomplete)
        {
            return Describe(incomplete);
        }

        return result.Errors.Count == 0 ? null : Describe(result.Errors[0], command);
    }

    private static string Describe(Option option) => $"{option.Name} needs a value: {option.Name} {option.HelpName}.";

    /// <summary>An option that took the next option for its value.</summary>
    private static Option? OptionWithoutValue(ParseResult result)
    {
        var known = result.CommandResult.Command.Options.SelectMany(
            option => option.Aliases.Append(option.Name)).ToHashSet(StringComparer.Ordinal);
        return result.CommandResult.Children.OfType<OptionResult>()
            .FirstOrDefault(
                option =>
                    option.Tokens.Any(
                        token => known.Contains(token.Value) || token.Value.StartsWith("--", StringComparison.Ordinal)))?.Option;
    }

    private static string Describe(ParseError error, Command command) => error.SymbolResult switch
    {
        OptionResult { Implicit: true } missing => $"{missing.Option.Name} is required.",
        OptionResult { Tokens.Count: 0 } option => Describe(option.Option),
        CommandResult when error.Message.Contains("is required", StringComparison.Ordinal) =>
            $"{command.Options.First(option => option.Required && error.Message.Contains(option.Name, StringComparison.Ordinal)).Name} "
                + "is required.",
        ArgumentResult { Tokens.Count: 0 } argument => $"{command.Name} needs {argument.Argument.HelpName ?? argument.Argument.Name}.",
        _ => error.Message.TrimEnd('.') + ".",
    };

    /// <summary>
    /// A token that looks like an option and was taken for a path, because paths may have any form. After <c>--</c> everything is a path.
    /// </summary>
    private static string? UnknownOption(ParseResult result)
    {
        var paths = result.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Concat(result.CommandResult.Tokens)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        var unmatched = result.UnmatchedTokens.ToHashSet(StringComparer.Ordinal);
        return result.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Value.Length > 1 && token.Value[0] == '-' && (paths.Contains(token) || unmatched.Contains(token.Value)))
            .Select(token => token.Value)
            .FirstOrDefault();
    }
}

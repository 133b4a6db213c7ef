using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Parsing;

/// <summary>
/// Help in the form of the field's tools: what it does, how it is called, options in groups with the important ones first, examples. Lines
/// fit a terminal of 80 columns.
/// </summary>
internal sealed class HelpText(TextWriter writer) : SynchronousCommandLineAction
{
    private const int Width = 80;
    private const int NameWidth = 28;

    private static readonly (OptionGroup Group, string Title)[] Groups =
    [
        (OptionGroup.Inputs, "RECORDINGS"),
        (OptionGroup.Output, "OUTPUT"),
        (OptionGroup.Cost, "COST"),
        (OptionGroup.Network, "NETWORK"),
        (OptionGroup.General, "GENERAL"),
    ];

    private static readonly (string Name, string Meaning)[] ExitCodes =
    [
        ("0", "Everything is done."),
        ("1", "Something failed. Running the same command again may help."),
        ("2", "The command line, a setting or a file is wrong."),
        ("3", "The license key was rejected, or the plan does not cover the request."),
        ("4", "The minutes are used up, or the limit is reached."),
        ("130", "Interrupted. Running the same command again resumes the run."),
    ];

    private static readonly (string Name, string Meaning)[] Variables =
    [
        (LalalAiClientOptions.LicenseKeyVariable, "The license key."),
        (LalalAiClientOptions.BaseAddressVariable, "Another service, for example a sandbox: http on loopback, https elsewhere."),
        (UserFolder.Variable, "The folder for stored keys and check times, instead of the default folders."),
        ("NO_COLOR", "Disables colors when set."),
    ];

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var help = new StringBuilder();
        Wrap(help, command.Description ?? string.Empty, 0);
        help.AppendLine().AppendLine("USAGE").AppendLine($"  {Usage(command)}");
        Section(
            help,
            "COMMANDS",
            command.Subcommands.Where(inner => !inner.Hidden).Select(inner => (inner.Name, inner.Description ?? string.Empty)));
        Section(
            help,
            "ARGUMENTS",
            command.Arguments.Select(argument => (argument.HelpName ?? argument.Name, argument.Description ?? string.Empty)));
        var visible = command.Options.Where(option => !option.Hidden).ToList();
        var width = visible.Select(option => Names(option).Length).DefaultIfEmpty().Max();
        foreach (var (group, title) in Groups.Prepend((OptionGroup.What, (command as CliCommand)?.Heading ?? string.Empty)))
        {
            Section(
                help,
                title,
                visible.Where(option => GroupOf(option) == group).Select(option => (Names(option), option.Description ?? string.Empty)),
                width);
        }

        if (command is CliCommand { Examples: { Count: > 0 } examples })
        {
            help.AppendLine().AppendLine("EXAMPLES");
            foreach (var example in examples)
            {
                help.AppendLine($"  lalalai {example}");
            }
        }

        if (command is RootCommand)
        {
            Section(help, "ENVIRONMENT", Variables);
            Section(help, "EXIT CODES", ExitCodes);
            help.AppendLine().AppendLine("`lalalai COMMAND --help` shows the options of a command.");
        }

        writer.Write(help.ToString());
        return ExitCode.Success;
    }

    private static OptionGroup GroupOf(Option option) => option is ICliOption { Group: var group } ? group : OptionGroup.General;

    private static string Usage(Command command) => command is RootCommand
        ? "lalalai COMMAND [OPTIONS]"
        : $"lalalai {command.Name}{string.Concat(command.Arguments.Select(Usage))} [OPTIONS]";

    private static string Usage(Argument argument) =>
        argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.HelpName}]" : $" {argument.HelpName}";

    private static string Names(Option option)
    {
        var names = option.Aliases.Append(option.Name).Where(name => name.StartsWith('-')).OrderBy(name => name.Length).ToList();
        var spelled = names[0].StartsWith("--", StringComparison.Ordinal) ? $"    {names[0]}" : string.Join(", ", names);
        return option.Arity.MaximumNumberOfValues == 0 || option is HelpOption or VersionOption ? spelled : $"{spelled} {option.HelpName}";
    }

    /// <param name="help">The help.</param>
    /// <param name="title">The title of the section.</param>
    /// <param name="rows">Names and what they mean.</param>
    /// <param name="longest">The length of the longest name of all sections that are aligned with this one.</param>
    private static void Section(StringBuilder help, string title, IEnumerable<(string Name, string Text)> rows, int longest = 0)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            return;
        }

        help.AppendLine().AppendLine(title);
        var width = Math.Min(NameWidth, Math.Max(longest, all.Max(row => row.Name.Length)) + 4);
        foreach (var (name, text) in all)
        {
            help.Append("  ").Append(name);
            if (name.Length + 4 > width)
            {
                help.AppendLine().Append(' ', width);
            }
            else
            {
                help.Append(' ', width - name.Length - 2);
            }

            Wrap(help, text, width);
        }
    }

    /// <summary>Appends text whose first line begins where the cursor is, and whose others are indented.</summary>
    private static void Wrap(StringBuilder help, string text, int indent)
    {
        var column = indent;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > indent && column + word.Length + 1 > Width)
            {
                help.AppendLine().Append(' ', indent);
                column = indent;
            }
            else if (column > indent)
            {
                help.Append(' ');
                column++;
            }

            help.Append(word);
            column += word.Length;
        }

        help.AppendLine();
    }
}

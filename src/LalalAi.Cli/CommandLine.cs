using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using LalalAi.Cli.Commands;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Mcp;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli;

/// <summary>The <c>lalalai</c> command: its parts, and how failures become messages and exit codes.</summary>
internal sealed class CommandLine(Output output, ProgramContext context)
{
    private const string CommandsHint = "`lalalai --help` lists the commands.";

    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        // Set before anything can fail, because failures are events too.
        output.IsJson = IsJson(arguments);
        int code;
        try
        {
            arguments = ResponseFile.Expand(arguments);
            output.IsJson = IsJson(arguments);
            code = await InvokeAsync(CreateRoot().Parse(arguments, Parsing), arguments, cancellationToken);
        }
        catch (Exception exception)
        {
            code = output.Fail(exception, cancellationToken);
        }

        code = output.FailWriting(code);
        output.Dispose();
        return code;
    }

    private static bool IsJson(IReadOnlyList<string> arguments) =>
        arguments.TakeWhile(argument => argument != "--").Contains(OutputCommand.JsonOption);

    private async Task<int> InvokeAsync(ParseResult parsed, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        // Help, the version and completions take precedence over all other arguments.
        var isInformation = parsed.Action is HelpText
            || (parsed.Action is not (null or ParseErrorAction) && parsed.Action != parsed.CommandResult.Command.Action);
        if (!isInformation && ParseProblem.Of(parsed, arguments) is { } problem)
        {
            var command = parsed.CommandResult.Command;
            throw new UsageException(
                $"{problem} {(command is RootCommand ? CommandsHint : $"`lalalai {command.Name} --help` shows how it is used.")}");
        }

        var invocation = new InvocationConfiguration
        {
            Output = output.Data,
            Error = output.Messages,
            EnableDefaultExceptionHandler = false,
            // The program handles signals itself.
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    private RootCommand CreateRoot()
    {
        var help = new HelpText(output.Data);
        var root = new RootCommand("Separates recordings into stems with LALAL.AI.")
        {
            new SplitCommand(output, context),
            new MultistemCommand(output, context),
            new DemuseCommand(output, context),
            new CleanCommand(output, context),
            new VoiceCommand(output, context),
            new WatchCommand(output, context),
            new ResumeCommand(output, context),
            new StatusCommand(output, context),
            new CancelCommand(output, context),
            new DeleteCommand(output, context),
            new LoginCommand(output, context),
            new LogoutCommand(output, context),
            new MinutesCommand(output, context),
            new PacksCommand(output, context),
            new DoctorCommand(output, context),
            new SandboxCommand(output),
            new McpCommand(output, context),
            new DemoCommand(output, context),
            new CompletionCommand(output),
        };
        root.Options.OfType<HelpOption>().Single().Action = help;
        root.Action = help;

        var topic =
            new Argument<string?>("command") { HelpName = "COMMAND", Arity = ArgumentArity.ZeroOrOne, Description = "The command." };
        var helpCommand = new Command("help", "Show the options of a command.") { topic };
        helpCommand.SetAction(parsed =>
        {
            var known = root.Subcommands.Select(command => command.Name).ToList();
            return parsed.GetValue(topic) is not { } name ? help.Invoke(root.Parse([]))
                : known.Contains(name) ? help.Invoke(root.Parse([name]))
                : throw new UsageException(
                    $"Unknown command '{name}'.{Suggestion.For(name, known)} {CommandsHint}");
        });
        root.Add(helpCommand);

        var version = new Command("version", "Show the version.");
        version.SetAction(_ => root.Parse(["--version"]).InvokeAsync(new InvocationConfiguration { Output = output.Data }));
        root.Add(version);
        return root;
    }
}

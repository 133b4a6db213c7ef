using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

/// <summary>A command with options for its output.</summary>
internal abstract class OutputCommand : CliCommand
{
    public const string JsonOption = "--json";

    private readonly CliOption<bool> _quiet = CliOption.Flag(
        OptionGroup.General, "--quiet", "Write results and failures only: no progress, no summary.", "-q");

    private readonly CliOption<bool> _verbose = CliOption.Flag(
        OptionGroup.General, "--verbose", "Also write the client's logs: retries, pauses, renewed links. Never the key.", "-v");

    private readonly CliOption<string?> _logFile = CliOption.Text(
        OptionGroup.General, "--log-file", "FILE", "Append messages and the client's logs to this file, with timestamps.");

    protected OutputCommand(Output output, ProgramContext context, string name, string description)
        : base(name, description)
    {
        Output = output;
        Context = context;
        Add(CliOption.Flag(OptionGroup.General, JsonOption, "Write results to standard output as JSON, one event per line."));
        AddAll(_quiet, _verbose, _logFile);
        SetAction((arguments, cancellationToken) =>
        {
            Output.Configure(arguments.GetValue(_quiet), arguments.GetValue(_verbose), arguments.GetValue(_logFile));
            return RunAsync(arguments, cancellationToken);
        });
    }

    protected Output Output { get; }

    protected ProgramContext Context { get; }

    protected abstract Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken);
}

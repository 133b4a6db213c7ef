using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Parsing;
using Spectre.Console;

namespace LalalAi.Cli.Commands;

internal sealed class CancelCommand : TaskCommand
{
    private readonly CliOption<bool> _all =
        CliOption.Flag(
            OptionGroup.What, "--all", "Every task of the license key that is in progress, whichever program started it. Asks first.");

    private readonly CliOption<bool> _yes = CliOption.Flag(
        OptionGroup.What, "--yes", "Do not ask. Needed for --all without a terminal.", "-y");

    public CancelCommand(Output output, ProgramContext context)
        : base(output, context, "cancel", "Cancel tasks: those passed, those of an output folder, or all.")
    {
        Add(_all);
        Add(_yes);
        Examples = ["cancel 7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34", "cancel --from out", "cancel --all"];
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (!arguments.GetValue(_all))
        {
            var tasks = Read(arguments);
            await using var chosen = await ConnectAsync(arguments, cancellationToken);
            return Report(await chosen.Client.CancelAsync(tasks.Keys, cancellationToken));
        }

        if (HasTasks(arguments))
        {
            throw new UsageException("--all cancels every task. Leave out the IDs.");
        }

        await using var connection = await ConnectAsync(arguments, cancellationToken);
        await ConfirmAsync(connection, arguments, cancellationToken);
        return Report(await connection.Client.CancelAllAsync(cancellationToken));
    }

    private async Task ConfirmAsync(ServiceConnection connection, ParseResult arguments, CancellationToken cancellationToken)
    {
        // The service has no list of tasks, so their number is known for an output folder only.
        Output.Say(DirectoryOf(arguments) is { } directory
            ? $"This cancels the {await CountRunningAsync(connection, directory, cancellationToken)} tasks in progress of {directory}, and "
                + "all others of the license key, whichever program started them. The service does not say how many those are."
            : "This cancels every task of the license key that is in progress, whichever program started it. "
                + "The service does not say how many they are; --from DIR counts those of an output folder.");
        if (arguments.GetValue(_yes))
        {
            return;
        }

        if (!Output.CanAsk)
        {
            throw new UsageException("Nothing was canceled. Add --yes to confirm.");
        }

        if (!await Output.Console.PromptAsync(new ConfirmationPrompt("Cancel them?") { DefaultValue = false }, cancellationToken))
        {
            throw new UsageException("Nothing was canceled.");
        }
    }

    private static async Task<int> CountRunningAsync(ServiceConnection connection, string directory, CancellationToken cancellationToken)
    {
        var states = await connection.Client.CheckAsync(
            InProgress(directory, connection.Service).Select(job => new TaskId(job.TaskId!)), options: null, cancellationToken);
        return states.Values.Count(state => state is TaskInProgress);
    }

    private int Report(IReadOnlyDictionary<TaskId, CancelResult> results)
    {
        foreach (var (task, result) in results)
        {
            var (status, message) = result switch
            {
                CancelSucceeded => ("canceled", null),
                CancelFailed failed => ("not canceled", failed.Error),
                UnknownCancelResult unknown => ("unknown", unknown.Raw),
                _ => ("unknown", null),
            };
            Output.Result(
                "canceled",
                new { task_id = task.Value, status, message },
                $"{task}  {status}{(message is null ? string.Empty : $"  {message}")}");
        }

        var canceled = results.Values.Count(result => result is CancelSucceeded);
        Output.Say($"Canceled {canceled} of {results.Count} tasks.");
        return canceled == results.Count ? ExitCode.Success : ExitCode.Failure;
    }
}

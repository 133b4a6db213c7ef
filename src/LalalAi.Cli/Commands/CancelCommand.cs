using System.ComponentModel;
using LalalAi.Cli.Display;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class CancelCommand(Output output) : ServiceCommand<CancelCommand.Settings>(output)
{
    internal sealed class Settings : ServiceSettings
    {
        [CommandArgument(0, "[TASK-ID]")]
        [Description("The tasks, as a start returned them.")]
        public string[] Tasks { get; init; } = [];

        [CommandOption("--from <DIR>")]
        [Description("The tasks under way of this output folder.")]
        public string? From { get; init; }

        [CommandOption("--all")]
        [Description("Every task of the license key that is in progress, whoever started it. Asks first.")]
        public bool All { get; init; }

        [CommandOption("-y|--yes")]
        [Description("Do not ask. Needed for --all without a terminal.")]
        public bool Yes { get; init; }

        public override ValidationResult Validate() =>
            All && Tasks.Length > 0 ? ValidationResult.Error("--all cancels every task; leave the ids out.") : ValidationResult.Success();
    }

    protected override async Task<int> RunAsync(ServiceConnection connection, Settings settings, CancellationToken cancellationToken)
    {
        if (!settings.All)
        {
            return Tell(await connection.Client.CancelAsync(KnownTasks.Select(settings.Tasks, settings.From, connection.Service), cancellationToken));
        }

        await ConfirmAsync(connection, settings, cancellationToken);
        return Tell(await connection.Client.CancelAllAsync(cancellationToken));
    }

    private async Task ConfirmAsync(ServiceConnection connection, Settings settings, CancellationToken cancellationToken)
    {
        // The service has no list of tasks: how many there are beyond those of a journal, nobody can tell.
        var known = settings.From is null ? null : await CountRunningAsync(connection, settings.From, cancellationToken);
        var hit = known is { } count
            ? $"This cancels the {count} tasks in progress of {settings.From}, and every other of the license key, whoever started it; how many those are, the service does not tell."
            : "This cancels every task of the license key that is in progress, whoever started it. How many they are, the service does not tell beforehand; --from DIR counts those of an output folder.";
        Output.Say(hit);
        if (settings.Yes)
        {
            return;
        }

        if (!Output.CanAsk)
        {
            throw new UsageException("Nothing was canceled. Add --yes to do it without being asked.");
        }

        if (!await Output.Console.PromptAsync(new ConfirmationPrompt("Cancel them?") { DefaultValue = false }, cancellationToken))
        {
            throw new UsageException("Nothing was canceled.");
        }
    }

    private static async Task<int?> CountRunningAsync(ServiceConnection connection, string directory, CancellationToken cancellationToken)
    {
        var states = await connection.Client.CheckAsync(KnownTasks.InProgress(directory, connection.Service), options: null, cancellationToken);
        return states.Values.Count(state => state is TaskInProgress);
    }

    private int Tell(IReadOnlyDictionary<TaskId, CancelResult> outcomes)
    {
        foreach (var (task, outcome) in outcomes)
        {
            var (status, message) = outcome switch
            {
                CancelSucceeded => ("canceled", null),
                CancelFailed failed => ("not canceled", failed.Error),
                UnknownCancelResult unknown => ("unknown", unknown.Raw),
                _ => ("unknown", null),
            };
            Output.Result("canceled", new { task_id = task.Value, status, message }, $"{task}  {status}{(message is null ? string.Empty : $"  {message}")}");
        }

        var canceled = outcomes.Values.Count(outcome => outcome is CancelSucceeded);
        Output.Say($"Canceled {canceled} of {outcomes.Count} tasks.");
        return canceled == outcomes.Count ? ExitCode.Success : ExitCode.Failure;
    }
}

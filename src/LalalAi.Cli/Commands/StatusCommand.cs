using System.ComponentModel;
using LalalAi.Cli.Display;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class StatusCommand(Output output) : ServiceCommand<StatusCommand.Settings>(output)
{
    internal sealed class Settings : ServiceSettings
    {
        [CommandArgument(0, "[TASK-ID]")]
        [Description("The tasks, as a start returned them. They can be looked up for 24 hours.")]
        public string[] Tasks { get; init; } = [];

        [CommandOption("--from <DIR>")]
        [Description("The tasks under way of this output folder.")]
        public string? From { get; init; }
    }

    protected override async Task<int> RunAsync(ServiceConnection connection, Settings settings, CancellationToken cancellationToken)
    {
        var tasks = KnownTasks.Select(settings.Tasks, settings.From, connection.Service);
        var states = await connection.Client.CheckAsync(tasks, options: null, cancellationToken);
        foreach (var (task, state) in states)
        {
            var (status, details) = Describe(state);
            Output.Result(
                "status",
                new { task_id = task.Value, status, percent = (state as TaskInProgress)?.Percent, tracks = (state as TaskSucceeded)?.Tracks.Select(track => track.Label), message = details },
                $"{task}  {status}{(details is null ? string.Empty : $"  {details}")}");
        }

        return states.Values.All(state => state is TaskInProgress or TaskSucceeded) ? ExitCode.Success : ExitCode.Failure;
    }

    private static (string Status, string? Details) Describe(TaskState state) => state switch
    {
        TaskInProgress { IsQueued: true } => ("queued", null),
        TaskInProgress progress => ("progress", $"{progress.Percent} %"),
        TaskSucceeded succeeded => ("success", string.Join(", ", succeeded.Tracks.Select(track => track.Label))),
        TaskFailed failed => ("error", failed.Error.Detail),
        TaskCanceled => ("canceled", null),
        TaskLookupFailed lookup => ("not found", lookup.Message),
        UnknownTaskState unknown => (unknown.Status ?? "unknown", "this version does not know the status"),
        _ => ("unknown", null),
    };
}

using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Commands;

internal sealed class StatusCommand : TaskCommand
{
    public StatusCommand(Output output, ProgramContext context)
        : base(output, context, "status", "Show the progress of tasks. Works during a run, too.") =>
        Examples = ["status 7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34", "status --from out"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var tasks = Read(arguments);
        if (tasks.Count == 0)
        {
            Output.Say($"No tasks are in progress.{(DirectoryOf(arguments) is { } directory ? DescribeEnd(directory) : string.Empty)}");
            return ExitCode.Success;
        }

        await using var connection = await ConnectAsync(arguments, cancellationToken);
        var states = await connection.Client.CheckAsync(tasks.Keys, options: null, cancellationToken);
        foreach (var (task, state) in states)
        {
            var file = tasks.GetValueOrDefault(task);
            var name = file is null ? null : CellText.Printable(Path.GetFileName(file));
            var (status, details) = Describe(state);
            Output.Result(
                "status",
                new
                {
                    task_id = task.Value,
                    file,
                    status,
                    percent = (state as TaskInProgress)?.Percent,
                    tracks = (state as TaskSucceeded)?.Tracks.Select(track => track.Label),
                    message = details,
                    code = (state as TaskFailed)?.Error.Code,
                },
                string.Join("  ", new[] { task.Value, status, details, name }.OfType<string>()));
        }

        return states.Values.All(state => state is TaskInProgress or TaskSucceeded) ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>The results of the runs with an output folder.</summary>
    private static string DescribeEnd(string directory)
    {
        var index = JobJournal.Peek(directory);
        var isSandbox = index.Runs.All(run => run.Service == ServiceConnection.SandboxName);
        var done = index.Jobs.Count(job => job.IsDone);
        // The same command starts what failed in a sandbox again.
        var gone = isSandbox ? 0 : index.Jobs.Count(job => job.IsGone);
        return $" {done} of {CellText.Count(index.Jobs.Count, "recording")} {(done == 1 ? "is" : "are")} done."
            + (gone > 0
                ? $" {gone} failed, canceled or lost: --restart-lost starts {(gone == 1 ? "it" : "them")} again, and pays again."
                : string.Empty)
            + (done + gone < index.Jobs.Count ? " Run the original command again for the rest." : string.Empty)
            + (isSandbox ? " The sandbox ended with the run, and its tasks with it." : string.Empty);
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

using LalalAi.Cli.Display;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>One run over files: from the balance before to the balance after.</summary>
internal sealed class JobRun(ServiceConnection connection, Output output, JobOptions options)
{
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(10);

    /// <summary>Runs to the end.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">Something has to be asked for in another way; nothing was done.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted, and can be resumed.</exception>
    public async Task<int> RunAsync(JobRequest request, JobJournal journal, CancellationToken cancellationToken)
    {
        await request.Recipe.CheckAsync(connection.Client);
        var summary = new RunSummary(connection.Client, output, await connection.Client.GetMinutesLeftAsync(cancellationToken));
        if (connection.IsTemporary)
        {
            journal.Forget(connection.Service);
        }

        var work = journal.Query(index => index.WorkOf(connection.Service, request.Recipe.Kind, request.Recipe.Presets));
        var underWay = journal.Query(index => index.Jobs.Where(job => job.Work == work && job.IsUnderWay).OrderByDescending(job => job.IsStartOpen).ToList());
        var inputs = new InputSet(request.Inputs, request.Recursive, journal.Directory, folder => journal.Query(index => index.OwnsFolder(folder)));
        var total = Count(inputs, underWay);
        NoteRun(request, journal, work);

        var tally = new RunTally();
        summary.Begin(total, underWay.Count);
        try
        {
            await using var display = output.OpenDisplay();
            display.Total = total;
            await RunAsync(
                new RunContext
                {
                    Client = connection.Client,
                    Service = connection.Service,
                    Journal = journal,
                    Work = work,
                    Recipe = request.Recipe,
                    Options = options,
                    Report = new RunReport(output, display, tally),
                    TimeProvider = TimeProvider.System,
                },
                underWay,
                inputs.Enumerate(),
                cancellationToken);
        }
        finally
        {
            await summary.EndAsync(tally, total, journal.Directory, cancellationToken);
        }

        return tally.ExitCode;
    }

    private async Task RunAsync(RunContext run, IReadOnlyList<JobRecord> underWay, IEnumerable<InputFile> inputs, CancellationToken cancellationToken)
    {
        try
        {
            await using var pipeline = new FilePipeline(run, cancellationToken);
            await pipeline.RunAsync(underWay, inputs);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && options.CancelOnInterrupt)
        {
            await CancelTasksAsync(run);
            throw;
        }
    }

    private static async Task CancelTasksAsync(RunContext run)
    {
        using var limit = new CancellationTokenSource(CancelTime, run.TimeProvider);
        var running = run.Journal.Query(index => index.Jobs.Where(job => job.Work == run.Work && job.IsUnderWay && job.Started is not null).ToDictionary(job => new TaskId(job.Started!.TaskId)));
        var outcomes = await run.Client.CancelAsync(running.Keys, limit.Token);
        var cancelled = outcomes.Values.OfType<CancelSucceeded>().Select(outcome => outcome.TaskId).ToList();
        run.Journal.Append(cancelled.Select(task => new EndedEntry(running[task].Number, $"Task {task} was cancelled when the run was interrupted.")));
        run.Report.Cancelled(cancelled);
        run.Report.Say($"Cancelled {cancelled.Count} of {running.Count} tasks.");
    }

    private static int Count(InputSet inputs, IReadOnlyList<JobRecord> underWay)
    {
        var elsewhere = underWay.Select(job => job.Input).ToHashSet(StringComparer.Ordinal);
        return inputs.Count(elsewhere) + elsewhere.Count;
    }

    private void NoteRun(JobRequest request, JobJournal journal, int work)
    {
        if (journal.Query(index => index.Runs.Any(run => request.IsSameAs(run, work) && run.Delete == options.Delete && run.MaxMinutes == options.MaxMinutes)))
        {
            return;
        }

        journal.Append(new RunEntry
        {
            Work = work,
            Service = connection.Service,
            Kind = request.Recipe.Kind,
            Presets = request.Recipe.Presets,
            Inputs = request.Inputs,
            Recursive = request.Recursive,
            Delete = options.Delete,
            MaxMinutes = options.MaxMinutes,
            At = TimeProvider.System.GetUtcNow(),
        });
    }
}

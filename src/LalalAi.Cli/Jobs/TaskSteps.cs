using LalalAi.Cli.Display;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>Brings a job to a task that has succeeded: by the task that it has, by a start that is asked for again, or by a new one.</summary>
internal sealed class TaskSteps(RunContext run, StartGatherer starts, CancellationToken interrupt) : IDisposable
{
    private readonly SemaphoreSlim _uploads = new(run.Options.Uploads);
    private readonly SourceStore _sources = new(run);
    private readonly NextSteps _next = new(run);

    public SourceStore Sources => _sources;

    public async Task<TaskSucceeded> RunAsync(JobRecord job, string path, IFileDisplay view)
    {
        var step = _next.Of(job);
        if (step == NextStep.Repeat)
        {
            view.Enter(Phase.Starting);
            Accept(await starts.StartAsync(new PendingStart(job, job.Start!.SourceId, job.Start.Minutes, job.Start.Key)), job);
            // What turned out to be lost may be wanted again.
            step = _next.Of(job);
        }

        if (step == NextStep.Start)
        {
            await StartAsync(job, path, view);
        }

        return await WaitAsync(job, view);
    }

    public void Dispose() => _uploads.Dispose();

    private async Task StartAsync(JobRecord job, string path, IFileDisplay view)
    {
        var remembered = _sources.Find(job);
        var outcome = await StartAsync(job, remembered ?? await UploadAsync(job, path, view), view);
        if (outcome is StartRefused { MayBeTheSource: true } && remembered is not null)
        {
            // The service may have lost what an earlier run uploaded. Once is enough to find out.
            outcome = await StartAsync(job, await UploadAsync(job, path, view), view);
        }

        Accept(outcome, job);
        _next.Of(job);
    }

    private Task<StartOutcome> StartAsync(JobRecord job, SourceEntry source, IFileDisplay view)
    {
        view.Enter(Phase.Starting);
        return starts.StartAsync(new PendingStart(job, source.SourceId, source.Minutes * run.Recipe.Stems, null));
    }

    private async Task<SourceEntry> UploadAsync(JobRecord job, string path, IFileDisplay view)
    {
        view.Enter(Phase.Waiting);
        await _uploads.WaitAsync(interrupt);
        try
        {
            return run.Report.Tally.Stop is { } reason ? throw new JobException(reason) : await _sources.UploadAsync(job, path, view, interrupt);
        }
        finally
        {
            _uploads.Release();
        }
    }

    private void Accept(StartOutcome outcome, JobRecord job)
    {
        switch (outcome)
        {
            case StartAccepted:
                run.Report.Started(job);
                break;
            case StartRefused { Failure: var failure }:
                throw new JobException(failure);
            case StartUnanswered { Failure: var failure }:
                throw new JobException(failure);
        }
    }

    private async Task<TaskSucceeded> WaitAsync(JobRecord job, IFileDisplay view)
    {
        view.Enter(Phase.Queued);
        try
        {
            var done = await run.Client.WaitAsync(new TaskId(job.Started!.TaskId), new Relay<TaskState>(state => Show(state, view)), cancellationToken: interrupt);
            run.Journal.Append(new SucceededEntry(job.Number, [.. done.Tracks.Select(track => track.Label)]));
            return done;
        }
        catch (LalalAiTaskException exception)
        {
            if (exception.State is TaskFailed or TaskCanceled)
            {
                run.Journal.Append(new EndedEntry(job.Number, exception.Message));
            }

            throw new JobException(new Failure(ExitCode.Failure, $"{exception.Message} --restart-lost starts it again, and may pay for it again."));
        }
    }

    private static void Show(TaskState state, IFileDisplay view)
    {
        if (state is TaskInProgress { IsQueued: false } progress)
        {
            view.Enter(Phase.Processing);
            view.Report(progress.Percent / 100.0);
        }
    }
}

using LalalAi.Cli.Display;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>
/// Takes files from disk to tracks on disk. Each file is a straight line of steps; what bounds the whole are how many files are under way at once, and the slots for reading and
/// uploading, and for downloading. Nothing is kept of a file that is not under way.
/// </summary>
internal sealed class FilePipeline : IAsyncDisposable
{
    private readonly JobFinder _finder;
    private readonly StartGatherer _starts;
    private readonly TaskSteps _tasks;
    private readonly TrackStore _tracks;
    private readonly RunContext _run;
    private readonly CancellationToken _interrupt;

    public FilePipeline(RunContext run, CancellationToken interrupt)
    {
        _run = run;
        _interrupt = interrupt;
        _finder = new JobFinder(run);
        _starts = new StartGatherer(run, interrupt);
        _tasks = new TaskSteps(run, _starts, interrupt);
        _tracks = new TrackStore(run);
    }

    /// <summary>Brings every file to its end, or as near to it as it gets.</summary>
    /// <param name="underWay">What an earlier run has paid for; it goes first.</param>
    /// <param name="inputs">The files. One that is under way already is passed over.</param>
    public Task RunAsync(IReadOnlyList<JobRecord> underWay, IEnumerable<InputFile> inputs)
    {
        var items = underWay.Where(_finder.TryClaim).Select(job => (new InputFile(job.Input, string.Empty), (JobRecord?)job))
            .Concat(inputs.TakeWhile(_ => _run.Report.Tally.Stop is null).Select(input => (input, (JobRecord?)null)));
        return Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = _run.Options.InFlight, CancellationToken = _interrupt },
            async (item, _) => await ProcessAsync(item.Item1, item.Item2));
    }

    public async ValueTask DisposeAsync()
    {
        await _starts.DisposeAsync();
        _tasks.Dispose();
        _tracks.Dispose();
        _finder.Dispose();
    }

    private async Task ProcessAsync(InputFile input, JobRecord? known)
    {
        using var view = _run.Report.Display.Begin(input.Name);
        try
        {
            await ProcessAsync(input, known, view);
        }
        catch (OperationCanceledException) when (_interrupt.IsCancellationRequested)
        {
            // The journal knows how far it came.
        }
        catch (Exception exception)
        {
            Fail(input, exception);
        }
    }

    private void Fail(InputFile input, Exception exception)
    {
        var failure = (exception as JobException)?.Failure ?? Failure.Of(exception);
        if (failure.EndsTheRun)
        {
            // Said once, at the end, and not of every file.
            _run.Report.Tally.StopStarting(failure);
            return;
        }

        _run.Report.Failed(input.Path, failure);
    }

    private async Task ProcessAsync(InputFile input, JobRecord? known, IFileDisplay view)
    {
        var job = known ?? await _finder.FindAsync(input, view, _interrupt);
        if (job is null)
        {
            return;
        }

        if (await _tracks.HasAllAsync(job, _interrupt))
        {
            _run.Report.Skipped(input.Path, job, _tracks.FolderOf(job));
        }
        else
        {
            var task = await _tasks.RunAsync(job, input.Path, view);
            view.Enter(Phase.Downloading);
            await _tracks.FetchAsync(job, task, view, _interrupt);
            _run.Report.Finished(input.Path, job, _tracks.FolderOf(job));
        }

        if (_run.Options.Delete)
        {
            await _tasks.Sources.DeleteAsync(job, input.Path, _interrupt);
        }

        job.Settle();
    }
}

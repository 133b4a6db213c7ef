using LalalAi.Cli.Display;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>Tells by its content which job of the journal a file is, and sees to it that each is worked on once in a run.</summary>
internal sealed class JobFinder(RunContext run) : IDisposable
{
    // Hashing is bound by one processor each; more would only keep uploads waiting for the disk.
    private const int ParallelReads = 2;

    private readonly SemaphoreSlim _reads = new(ParallelReads);
    private readonly Lock _lock = new();
    private readonly HashSet<int> _claimed = [];

    /// <summary>Takes a job for whoever asks first.</summary>
    public bool TryClaim(JobRecord job)
    {
        lock (_lock)
        {
            return _claimed.Add(job.Number);
        }
    }

    /// <summary>Reads a file and returns its job, an old or a new one, or <see langword="null"/> when the run works on the same content already.</summary>
    public async Task<JobRecord?> FindAsync(InputFile input, IFileDisplay view, CancellationToken cancellationToken)
    {
        await _reads.WaitAsync(cancellationToken);
        try
        {
            view.Enter(Phase.Reading);
            if (new FileInfo(input.Path).Length == 0)
            {
                throw new JobException(new Failure(ExitCode.Usage, "The file is empty."));
            }

            var sha256 = await ContentHash.ComputeAsync(input.Path, cancellationToken);
            return Find(input, sha256) is { } job && TryClaim(job) ? job : ReportDuplicate(input, sha256);
        }
        finally
        {
            _reads.Release();
        }
    }

    public void Dispose() => _reads.Dispose();

    private JobRecord Find(InputFile input, string sha256)
    {
        // Two files of the same content may come here at the same time.
        lock (_lock)
        {
            return run.Journal.Query(index => index.Find(run.Work, sha256)) ?? run.Journal.Add(run.Work, sha256, new FileInfo(input.Path).Length, input.Path, input.TrackFolder);
        }
    }

    private JobRecord? ReportDuplicate(InputFile input, string sha256)
    {
        var other = run.Journal.Query(index => index.Find(run.Work, sha256))!;
        if (other.Input != input.Path)
        {
            run.Report.Skipped(input.Path, $"the same content as {other.Input}");
        }

        return null;
    }
}

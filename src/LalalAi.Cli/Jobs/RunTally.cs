namespace LalalAi.Cli.Jobs;

/// <summary>The count of a run, and what it means for the exit code.</summary>
internal sealed class RunTally
{
    private readonly Lock _lock = new();
    private int _done;
    private int _skipped;
    private int _failed;
    private int _tracks;
    private int _worst;

    public int Done => _done;

    public int Skipped => _skipped;

    public int Failed => _failed;

    public int Tracks => _tracks;

    public int Ended => _done + _skipped + _failed;

    /// <summary>Why nothing more is started, or <see langword="null"/> while more is.</summary>
    public Failure? Stop { get; private set; }

    public int ExitCode => Stop?.ExitCode ?? _worst;

    public void AddDone() => Interlocked.Increment(ref _done);

    public void AddSkipped() => Interlocked.Increment(ref _skipped);

    public void AddTrack() => Interlocked.Increment(ref _tracks);

    public void AddFailure(Failure failure)
    {
        lock (_lock)
        {
            _failed++;
            // A plan that does not do is worth more to know than that trying again may help.
            _worst = Math.Max(_worst, failure.ExitCode);
        }
    }

    /// <summary>Ends the starting of more; the first reason counts.</summary>
    public void StopStarting(Failure reason)
    {
        lock (_lock)
        {
            Stop ??= reason;
        }
    }
}

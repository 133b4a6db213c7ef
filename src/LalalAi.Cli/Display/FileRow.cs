namespace LalalAi.Cli.Display;

/// <summary>What the board shows of one file. Written by whatever works on the file, read by whoever draws.</summary>
internal sealed class FileRow(string name, long number, TimeProvider timeProvider, Action<FileRow> leave) : IFileDisplay
{
    // Before that, an extrapolation says nothing.
    private const double LeastFraction = 0.03;

    private long _entered;

    public string Name { get; } = name;

    /// <summary>The order in which files began.</summary>
    public long Number { get; } = number;

    public Phase Phase { get; private set; }

    public double? Fraction { get; private set; }

    public double BytesPerSecond { get; private set; }

    public TimeSpan? Remaining { get; private set; }

    /// <summary>How much there is to see: transfers move, queues do not.</summary>
    public int Rank => Phase switch
    {
        Phase.Uploading or Phase.Downloading => 0,
        Phase.Reading or Phase.Starting => 1,
        Phase.Processing => 2,
        Phase.Queued => 3,
        _ => 4,
    };

    public void Enter(Phase phase)
    {
        if (phase == Phase)
        {
            return;
        }

        Phase = phase;
        _entered = timeProvider.GetTimestamp();
        Fraction = null;
        BytesPerSecond = 0;
        Remaining = null;
    }

    public void Report(double? fraction, TransferProgress? transfer = null)
    {
        Fraction = fraction;
        BytesPerSecond = transfer?.BytesPerSecond ?? 0;
        Remaining = transfer is { } moving ? moving.Remaining
            : fraction is { } part && part is >= LeastFraction and < 1 ? timeProvider.GetElapsedTime(_entered) / part * (1 - part)
            : null;
    }

    public void Dispose() => leave(this);
}

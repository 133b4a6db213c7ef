namespace LalalAi.Cli.Display;

/// <summary>What the board shows of one file. Written by whatever works on the file, read by whoever draws.</summary>
internal sealed class FileRow(string name, long number, TimeProvider timeProvider, Action<FileRow> leave) : IFileDisplay
{
    private (double Fraction, long At)? _first;

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
        _first = null;
        Fraction = null;
        BytesPerSecond = 0;
        Remaining = null;
    }

    public void Report(double? fraction, TransferProgress? transfer = null)
    {
        Fraction = fraction;
        BytesPerSecond = transfer?.BytesPerSecond ?? 0;
        Remaining = transfer is { } moving ? moving.Remaining : Extrapolate(fraction);
    }

    public void Dispose() => leave(this);

    /// <summary>The time left, from how far the phase has come since it was first seen.</summary>
    private TimeSpan? Extrapolate(double? fraction)
    {
        if (fraction is not { } now)
        {
            return null;
        }

        _first ??= (now, timeProvider.GetTimestamp());
        var (before, at) = _first.Value;
        return now > before ? timeProvider.GetElapsedTime(at) / (now - before) * (1 - now) : null;
    }
}

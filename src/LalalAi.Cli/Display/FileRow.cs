namespace LalalAi.Cli.Display;

/// <summary>The progress of one file. Its job writes it, and the display reads it.</summary>
internal sealed class FileRow(string name, long size, long number, TimeProvider timeProvider, Action<FileRow> leave) : IFileDisplay
{
    // The typical share of each phase of a job.
    private const double UploadShare = 0.25;
    private const double ProcessingShare = 0.6;

    private (double Fraction, long At)? _first;

    public string Name { get; } = name;

    public long Size { get; } = size;

    /// <summary>The position in the order in which files began.</summary>
    public long Number { get; } = number;

    public double? Minutes { get; set; }

    public Phase Phase { get; private set; }

    public double? Fraction { get; private set; }

    public double BytesPerSecond { get; private set; }

    public TimeSpan? Remaining { get; private set; }

    /// <summary>The priority in the display: transfers make visible progress, queued tasks do not.</summary>
    public int Rank => Phase switch
    {
        Phase.Uploading or Phase.Downloading => 0,
        Phase.Reading or Phase.Starting => 1,
        Phase.Processing => 2,
        Phase.Queued => 3,
        _ => 4,
    };

    /// <summary>The finished part of the whole job, from 0 to 1.</summary>
    public double Overall => Phase switch
    {
        Phase.Waiting or Phase.Reading => 0,
        Phase.Uploading => UploadShare * (Fraction ?? 0),
        Phase.Processing => UploadShare + (ProcessingShare * (Fraction ?? 0)),
        Phase.Downloading => UploadShare + ProcessingShare + ((1 - UploadShare - ProcessingShare) * (Fraction ?? 0)),
        _ => UploadShare,
    };

    /// <summary>The bytes of the file that are on the service.</summary>
    public double UploadedBytes => Size * PartOf(Phase.Uploading);

    /// <summary>The minutes that the service has processed.</summary>
    public double ProcessedMinutes => (Minutes ?? 0) * PartOf(Phase.Processing);

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
        Remaining = transfer is { } transferred ? transferred.Remaining : Extrapolate(fraction);
    }

    public void Dispose() => leave(this);

    private double PartOf(Phase phase) => Phase > phase ? 1 : Phase == phase ? Fraction ?? 0 : 0;

    /// <summary>The time left, from the progress since the phase was first seen.</summary>
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

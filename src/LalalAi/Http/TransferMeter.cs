namespace LalalAi.Http;

/// <summary>Counts the bytes of a transfer and reports them, at most ten times a second.</summary>
internal sealed class TransferMeter
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _timeProvider;
    private readonly IProgress<TransferProgress>? _progress;
    private long _started;
    private long _lastReport;
    private long _startedAt;

    public TransferMeter(TimeProvider timeProvider, IProgress<TransferProgress>? progress, long? total)
    {
        _timeProvider = timeProvider;
        _progress = progress;
        Total = total;
        Restart(0);
    }

    /// <summary>The size of the whole transfer in bytes, or <see langword="null"/> if it is not known.</summary>
    public long? Total { get; set; }

    /// <summary>The number of bytes so far.</summary>
    public long Transferred { get; private set; }

    /// <summary>Starts over from a position. The rate counts from here.</summary>
    public void Restart(long transferred)
    {
        Transferred = _startedAt = transferred;
        _started = _timeProvider.GetTimestamp();
        _lastReport = 0;
    }

    public void Add(long bytes)
    {
        Transferred += bytes;
        if (_progress is not null && (_lastReport == 0 || _timeProvider.GetElapsedTime(_lastReport) >= ReportInterval))
        {
            Report();
        }
    }

    /// <summary>Reports immediately, independent of the last report.</summary>
    public void Report()
    {
        if (_progress is null)
        {
            return;
        }

        _lastReport = _timeProvider.GetTimestamp();
        var seconds = _timeProvider.GetElapsedTime(_started).TotalSeconds;
        _progress.Report(new TransferProgress(Transferred, Total, seconds > 0 ? (Transferred - _startedAt) / seconds : 0));
    }
}

namespace LalalAi.Http;

/// <summary>Counts the bytes of a transfer and tells the caller, ten times a second at most.</summary>
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

    /// <summary>The bytes in all, when they are known.</summary>
    public long? Total { get; set; }

    /// <summary>The bytes so far.</summary>
    public long Transferred { get; private set; }

    /// <summary>Begins anew, with some bytes there already. The rate counts from here.</summary>
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

    /// <summary>Tells the caller where the transfer stands, whenever the last report was.</summary>
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

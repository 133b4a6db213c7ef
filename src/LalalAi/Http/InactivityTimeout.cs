namespace LalalAi.Http;

/// <summary>
/// Cancels a transfer that stalls. Progress only stores the time, which is cheap. The timer compares it when it
/// fires.
/// </summary>
internal sealed class InactivityTimeout : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _expired = new();
    private readonly CancellationTokenSource _linked;
    private readonly ITimer _timer;
    private long _limitTicks;
    private long _lastProgress;

    public InactivityTimeout(TimeProvider timeProvider, TimeSpan limit, CancellationToken cancellationToken)
    {
        _timeProvider = timeProvider;
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_expired.Token, cancellationToken);
        _limitTicks = limit.Ticks;
        _lastProgress = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(
            static timeout => ((InactivityTimeout)timeout!).OnTimer(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Canceled when the transfer stalled for too long, or by the caller's token.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Whether the transfer stalled for too long.</summary>
    public bool HasExpired => _expired.IsCancellationRequested;

    /// <summary>The time without progress after which the transfer is canceled.</summary>
    public TimeSpan Limit => TimeSpan.FromTicks(Volatile.Read(ref _limitTicks));

    /// <summary>The time since the last progress.</summary>
    public TimeSpan SinceProgress => _timeProvider.GetElapsedTime(Volatile.Read(ref _lastProgress));

    /// <summary>Reports progress.</summary>
    public void Touch() => Volatile.Write(ref _lastProgress, _timeProvider.GetTimestamp());

    /// <summary>Reports progress and sets another limit.</summary>
    public void Touch(TimeSpan limit)
    {
        Touch();
        Volatile.Write(ref _limitTicks, limit.Ticks);
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancels the rest of the transfer after its end.</summary>
    public void Cancel() => _linked.Cancel();

    public void Dispose()
    {
        _timer.Dispose();
        _linked.Dispose();
        _expired.Dispose();
    }

    private void OnTimer()
    {
        var limit = Limit;
        var left = limit == Timeout.InfiniteTimeSpan ? limit : limit - SinceProgress;
        try
        {
            if (left > TimeSpan.Zero || left == Timeout.InfiniteTimeSpan)
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
            }
            else
            {
                _expired.Cancel();
            }
        }
        catch (ObjectDisposedException)
        {
            // The transfer ended while the timer fired.
        }
    }
}

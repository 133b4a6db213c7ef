namespace LalalAi.Http;

/// <summary>
/// Cancels a transfer that stands still. Each sign of life only notes the time; the timer looks at the note when it fires, so that a sign costs next to nothing.
/// </summary>
internal sealed class InactivityWatch : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _expired = new();
    private readonly CancellationTokenSource _linked;
    private readonly ITimer _timer;
    private long _limitTicks;
    private long _lastSign;

    public InactivityWatch(TimeProvider timeProvider, TimeSpan limit, CancellationToken cancellationToken)
    {
        _timeProvider = timeProvider;
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_expired.Token, cancellationToken);
        _limitTicks = limit.Ticks;
        _lastSign = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(static watch => ((InactivityWatch)watch!).Look(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the transfer stood still for too long, or by the caller's token.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Whether it was the watch that cancelled.</summary>
    public bool HasExpired => _expired.IsCancellationRequested;

    /// <summary>The time that has to pass without a sign of life.</summary>
    public TimeSpan Limit => TimeSpan.FromTicks(Volatile.Read(ref _limitTicks));

    /// <summary>Notes that something moved.</summary>
    public void Sign() => Volatile.Write(ref _lastSign, _timeProvider.GetTimestamp());

    /// <summary>Notes that something moved, and that from now on another limit counts.</summary>
    public void Sign(TimeSpan limit)
    {
        Sign();
        Volatile.Write(ref _limitTicks, limit.Ticks);
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _linked.Dispose();
        _expired.Dispose();
    }

    private void Look()
    {
        var left = Limit - _timeProvider.GetElapsedTime(Volatile.Read(ref _lastSign));
        try
        {
            if (left > TimeSpan.Zero)
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

namespace LalalAi.Tests.Polling;

/// <summary>
/// A clock that knows the client's loop: when the loop sets its timer, it does nothing more until the clock moves or the test acts.
/// </summary>
internal sealed class PollingClock : TestClock
{
    private TimeSpan? _loopDue;
    private bool _isLoopBusy;
    private int _timesLoopWasSet;

    /// <summary>When the loop continues; <see langword="null"/> while it has nothing to do.</summary>
    public TimeSpan? LoopDue => Locked(() => _loopDue);

    /// <summary>Notes that something happened to which the loop reacts.</summary>
    public void LoopIsBusy() => Change(() => _isLoopBusy = true);

    /// <summary>
    /// Notes that the loop waits for the test, and returns what to call when it no longer does. If the loop has set its timer by then, it
    /// has noticed already.
    /// </summary>
    public Action LoopIsHeld()
    {
        var times = 0;
        Change(() => (_isLoopBusy, times) = (false, _timesLoopWasSet));
        return () => Change(() => _isLoopBusy |= times == _timesLoopWasSet);
    }

    /// <summary>Waits until the loop does nothing more before the clock moves or the test acts.</summary>
    public Task LoopIsIdleAsync() => WhenAsync(() => !_isLoopBusy);

    /// <summary>Waits until the loop has reached a moment at which it does nothing more, and has set no timer.</summary>
    public Task LoopIsUnneededAsync() => WhenAsync(() => !_isLoopBusy && _loopDue is null);

    protected override void OnSet(TestTimer timer, TimeSpan dueTime)
    {
        // Only the loop creates its timer first and sets it later.
        if (timer.IsBare)
        {
            _loopDue = dueTime == Timeout.InfiniteTimeSpan ? null : Elapsed + dueTime;
            _isLoopBusy = false;
            _timesLoopWasSet++;
        }
    }

    protected override void OnFires(TestTimer timer) => _isLoopBusy |= timer.IsBare;
}

namespace LalalAi.Polling;

/// <summary>One run of the loop, from the first wait to the last: what ends it, and what wakes it.</summary>
internal sealed class CheckRun : IDisposable
{
    // Never disposed: without a timer or a link it holds nothing, and whoever ends the run must not have to know whether it has ended by itself.
    private readonly CancellationTokenSource _end = new();
    private TaskCompletionSource<bool>? _alarm;
    private ITimer? _timer;
    private volatile bool _isTimed;

    public CancellationToken Token => _end.Token;

    /// <summary>Whether the run does nothing until its alarm rings.</summary>
    public bool IsAsleep => _isTimed && Volatile.Read(ref _alarm) is not null;

    /// <summary>
    /// Sets the alarm, and returns what to wait for. To be called under the lock under which the delay was found, so that whatever changes it afterwards rings.
    /// </summary>
    public Task SetAlarm(TimeProvider timeProvider, TimeSpan delay)
    {
        var alarm = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _isTimed = false;
        Volatile.Write(ref _alarm, alarm);
        _timer = timeProvider.CreateTimer(static run => ((CheckRun)run!).Ring(), this, WholeMilliseconds.AtLeast(delay), Timeout.InfiniteTimeSpan);
        _isTimed = true;
        return alarm.Task;
    }

    public void ClearAlarm()
    {
        _timer?.Dispose();
        _timer = null;
    }

    public void Dispose() => ClearAlarm();

    public void Ring() => Interlocked.Exchange(ref _alarm, null)?.TrySetResult(true);

    public void End()
    {
        _end.Cancel();
        Ring();
    }
}

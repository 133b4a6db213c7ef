namespace LalalAi.Benchmarks.VirtualTime;

/// <summary>
/// A clock for a client whose checks are the only thing that happens: as soon as the client waits for its next request, that time has come.
/// Timeouts, which are set when they are created, never fire.
/// </summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new JumpingTimer(this, () => callback(state));

    private sealed class JumpingTimer(JumpingClock clock, Action callback) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Interlocked.Add(ref clock._ticks, dueTime.Ticks);
                ThreadPool.UnsafeQueueUserWorkItem(static fire => fire(), callback, preferLocal: false);
            }

            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}

namespace LalalAi.Benchmarks.VirtualTime;

/// <summary>
/// A clock for many clients: the next timer fires when nothing is left to do. That is seen by the thread pool, so nothing else may use it
/// meanwhile, and no work may depend on anything but this clock.
/// </summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<(VirtualTimer Timer, long Setting), (long Due, long Order)> _timers = new();
    private long _now;
    private long _settings;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass until a task has ended.</summary>
    public Task RunAsync(Task task) => Task.Factory.StartNew(
        () =>
        {
            for (WaitUntilIdle(); !task.IsCompleted; WaitUntilIdle())
            {
                FireNext();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static void WaitUntilIdle()
    {
        var spin = default(SpinWait);
        while (!IsIdle())
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private static bool IsIdle()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var available, out _);
        return ThreadPool.PendingWorkItemCount == 0 && available == most;
    }

    private void FireNext()
    {
        VirtualTimer timer;
        lock (_lock)
        {
            long setting;
            do
            {
                if (!_timers.TryDequeue(out var entry, out var due))
                {
                    throw new InvalidOperationException("Nothing is left to do, and no timer is set.");
                }

                (timer, setting) = entry;
                if (setting == timer.Setting)
                {
                    Volatile.Write(ref _now, due.Due);
                }
            }
            while (setting != timer.Setting);
            timer.Setting = 0;
        }

        timer.Fire();
    }

    private sealed class VirtualTimer(VirtualClock clock, Action fire) : ITimer
    {
        /// <summary>The number of the last setting; 0 while it is not set.</summary>
        public long Setting { get; set; }

        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Setting = 0;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Setting = ++clock._settings;
                    clock._timers.Enqueue((this, Setting), (clock._now + dueTime.Ticks, Setting));
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

using System.Collections.Concurrent;

namespace LalalAi.FaultTests;

/// <summary>
/// A clock that runs ahead of the real one by a factor, for the client, the sandbox and the wire alike: the client keeps its own patience of seconds and minutes, and a test does not take them.
/// </summary>
internal sealed class FastClock(double factor) : TimeProvider
{
    private readonly ConcurrentDictionary<FastTimer, bool> _armed = new();
    private readonly DateTimeOffset _startTime = System.GetUtcNow();
    private readonly long _start = System.GetTimestamp();
    private long _skipped;

    private double Factor { get; } = factor;

    public override long TimestampFrequency => (long)(System.TimestampFrequency / Factor);

    public override long GetTimestamp() => System.GetTimestamp() + Volatile.Read(ref _skipped);

    public override DateTimeOffset GetUtcNow() => _startTime + GetElapsedTime(_start);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FastTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock ahead, beyond its usual haste.</summary>
    public void Skip(TimeSpan time)
    {
        Interlocked.Add(ref _skipped, (long)(time.TotalSeconds * TimestampFrequency));
        foreach (var timer in _armed.Keys)
        {
            timer.Rearm();
        }
    }

    /// <summary>One that fires once, which is all that the library asks for.</summary>
    private sealed class FastTimer : ITimer
    {
        private readonly FastClock _clock;
        private readonly ITimer _timer;
        private readonly Lock _lock = new();
        private TimeSpan _dueTime;
        private long _set;

        public FastTimer(FastClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _timer = System.CreateTimer(
                _ =>
                {
                    _clock._armed.TryRemove(this, out var _);
                    callback(state);
                },
                null,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period > TimeSpan.Zero)
            {
                throw new NotSupportedException("This clock's timers fire once.");
            }

            lock (_lock)
            {
                _dueTime = dueTime;
                _set = _clock.GetTimestamp();
                if (dueTime < TimeSpan.Zero)
                {
                    _clock._armed.TryRemove(this, out _);
                }
                else
                {
                    _clock._armed[this] = true;
                }

                return Set(dueTime);
            }
        }

        public void Rearm()
        {
            lock (_lock)
            {
                if (_clock._armed.ContainsKey(this))
                {
                    var left = _dueTime - _clock.GetElapsedTime(_set);
                    Set(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                }
            }
        }

        public void Dispose()
        {
            _clock._armed.TryRemove(this, out _);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        // Rounded up, because a timer that is early is set again.
        private bool Set(TimeSpan left) =>
            _timer.Change(left <= TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds / _clock.Factor)), Timeout.InfiniteTimeSpan);
    }
}

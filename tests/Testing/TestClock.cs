using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Testing;

/// <summary>
/// A clock that only the test moves. It knows which timers are set: a test waits until the timer it is about is set, and then advances
/// the clock once.
/// </summary>
public class TestClock : FakeTimeProvider
{
    /// <summary>A timeout that is never reached, and is not taken for a delay.</summary>
    public static readonly TimeSpan NoLimit = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly DateTimeOffset _start;
    private readonly HashSet<TestTimer> _set = [];
    private readonly List<TimeSpan> _delays = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Reached)> _awaited = [];
    private int _created;

    public TestClock()
        : this(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))
    {
    }

    public TestClock(DateTimeOffset start)
        : base(start) => _start = start;

    public TimeSpan Elapsed => GetUtcNow() - _start;

    /// <summary>How many timers there have ever been.</summary>
    public int TimersCreated => Locked(() => _created);

    /// <summary>How many timers are set.</summary>
    public int TimersSet => Locked(() => _set.Count);

    /// <summary>The delays for which timers were set, in order. What is due in a day or later is a timeout.</summary>
    public IReadOnlyList<TimeSpan> Delays => Locked(() => _delays.ToArray());

    /// <summary>Whether the clock advances by each delay at once.</summary>
    public bool SkipsDelays { get; init; }

    /// <summary>Called when a delay begins.</summary>
    public Action? DelayBegins { get; init; }

    /// <summary>Waits until a delay has begun that ends when the clock advances by a time.</summary>
    public Task DelayBeginsAsync(TimeSpan delay) => WhenAsync(() => _delays.Contains(delay));

    /// <summary>Waits until a number of timers is set.</summary>
    public Task TimersAreSetAsync(int count) => WhenAsync(() => _set.Count == count);

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Change(() => _created++);
        var timer = new TestTimer(this, isBare: dueTime == Timeout.InfiniteTimeSpan && state is null);
        timer.Create(base.CreateTimer(_ => timer.Fire(callback, state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            timer.Change(dueTime, period);
        }

        return timer;
    }

    /// <summary>Called when a timer has been set, or stopped by an infinite time, before anyone who waits is notified.</summary>
    protected virtual void OnSet(TestTimer timer, TimeSpan dueTime)
    {
    }

    /// <summary>Called before the callback of a timer runs.</summary>
    protected virtual void OnFires(TestTimer timer)
    {
    }

    protected T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    /// <summary>Changes what tests wait for.</summary>
    protected void Change(Action change)
    {
        lock (_lock)
        {
            change();
            foreach (var awaited in _awaited.Where(awaited => awaited.Condition()).ToList())
            {
                _awaited.Remove(awaited);
                awaited.Reached.SetResult();
            }
        }
    }

    /// <summary>Waits until a condition holds that only <see cref="Change"/> affects.</summary>
    protected Task WhenAsync(Func<bool> condition)
    {
        lock (_lock)
        {
            if (condition())
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((condition, reached));
            return reached.Task.SoonAsync();
        }
    }

    private void Set(TestTimer timer, TimeSpan dueTime)
    {
        var isDelay = dueTime >= TimeSpan.Zero && dueTime < NoLimit;
        Change(() =>
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                _set.Remove(timer);
            }
            else
            {
                _set.Add(timer);
            }

            if (isDelay)
            {
                _delays.Add(dueTime);
            }

            OnSet(timer, dueTime);
        });
        if (isDelay)
        {
            DelayBegins?.Invoke();
        }

        if (isDelay && SkipsDelays)
        {
            // Not before the caller has its timer.
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }
    }

    private void Fires(TestTimer timer) => Change(() =>
    {
        _set.Remove(timer);
        OnFires(timer);
    });

    /// <summary>A timer of the clock.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="isBare">Whether it was created without a state and without being set.</param>
    protected sealed class TestTimer(TestClock clock, bool isBare) : ITimer
    {
        private ITimer _timer = null!;

        public bool IsBare => isBare;

        public void Create(ITimer timer) => _timer = timer;

        public void Fire(TimerCallback callback, object? state)
        {
            clock.Fires(this);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            // First the timer, then the news of it: the test that receives it may advance the clock.
            var isChanged = _timer.Change(dueTime, period);
            clock.Set(this, dueTime);
            return isChanged;
        }

        public void Dispose()
        {
            _timer.Dispose();
            clock.Set(this, Timeout.InfiniteTimeSpan);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

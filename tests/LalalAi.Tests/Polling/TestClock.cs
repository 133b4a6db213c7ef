using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Tests.Polling;

/// <summary>
/// A clock that only the test moves. It knows the timers that are set, and when the client's loop sets its own: that is the event after
/// which the loop does nothing until the clock moves.
/// </summary>
internal sealed class TestClock : FakeTimeProvider
{
    private readonly object _gate = new();
    private readonly DateTimeOffset _start;
    private readonly HashSet<ITimer> _set = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Reached)> _awaited = [];
    private TimeSpan? _loopDue;
    private bool _isLoopBusy;
    private int _created;
    private int _timesLoopWasSet;

    public TestClock() => _start = GetUtcNow();

    public TimeSpan Elapsed => GetUtcNow() - _start;

    /// <summary>How many timers there have ever been.</summary>
    public int TimersCreated => Locked(() => _created);

    /// <summary>How many timers are set.</summary>
    public int TimersSet => Locked(() => _set.Count);

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

    /// <summary>Waits until a number of timers is set.</summary>
    public Task TimersAreSetAsync(int count) => WhenAsync(() => _set.Count == count);

    /// <summary>Waits until the loop has reached a moment at which it does nothing more, and has set no timer.</summary>
    public Task LoopIsUnneededAsync() => WhenAsync(() => !_isLoopBusy && _loopDue is null);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // The loop's timer is created once, and set later.
        var isLoop = dueTime == Timeout.InfiniteTimeSpan && state is null;
        Change(() => _created++);
        ObservedTimer? timer = null;
        timer = new ObservedTimer(this, isLoop, OnFired);
        timer.Create(base.CreateTimer(_ => timer.Fire(callback, state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            timer.Change(dueTime, period);
        }

        return timer;
    }

    private void OnFired(ObservedTimer timer) => Change(() =>
    {
        _set.Remove(timer);
        _isLoopBusy |= timer.IsLoop;
    });

    private void OnSet(ObservedTimer timer, TimeSpan dueTime) => Change(() =>
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
        {
            _set.Remove(timer);
        }
        else
        {
            _set.Add(timer);
        }

        if (timer.IsLoop)
        {
            _loopDue = dueTime == Timeout.InfiniteTimeSpan ? null : Elapsed + dueTime;
            _isLoopBusy = false;
            _timesLoopWasSet++;
        }
    });

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            foreach (var awaited in _awaited.Where(awaited => awaited.Condition()).ToList())
            {
                _awaited.Remove(awaited);
                awaited.Reached.SetResult();
            }
        }
    }

    private Task WhenAsync(Func<bool> condition)
    {
        lock (_gate)
        {
            if (condition())
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((condition, reached));
            return PollingRig.Soon(reached.Task);
        }
    }

    private sealed class ObservedTimer(TestClock clock, bool isLoop, Action<ObservedTimer> fired) : ITimer
    {
        private ITimer _timer = null!;

        public bool IsLoop => isLoop;

        public void Create(ITimer timer) => _timer = timer;

        public void Fire(TimerCallback callback, object? state)
        {
            fired(this);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            // First the timer, then the news of it: whoever hears it may move the clock.
            var isChanged = _timer.Change(dueTime, period);
            clock.OnSet(this, dueTime);
            return isChanged;
        }

        public void Dispose()
        {
            _timer.Dispose();
            clock.OnSet(this, Timeout.InfiniteTimeSpan);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

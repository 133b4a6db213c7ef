using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Tests.Polling;

/// <summary>A clock that moves by hand, and knows how many timers there are.</summary>
internal sealed class TestClock : FakeTimeProvider
{
    private readonly DateTimeOffset _start;
    private int _timers;
    private int _created;

    public TestClock() => _start = GetUtcNow();

    public TimeSpan Elapsed => GetUtcNow() - _start;

    public int Timers => Volatile.Read(ref _timers);

    /// <summary>How many timers there have ever been.</summary>
    public int TimersCreated => Volatile.Read(ref _created);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timers);
        Interlocked.Increment(ref _created);
        return new CountedTimer(this, base.CreateTimer(callback, state, dueTime, period));
    }

    private sealed class CountedTimer(TestClock clock, ITimer timer) : ITimer
    {
        private int _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                Interlocked.Decrement(ref clock._timers);
                timer.Dispose();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

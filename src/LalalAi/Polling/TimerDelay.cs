namespace LalalAi.Polling;

/// <summary>Delays for timers, which count whole milliseconds and at most 49 days.</summary>
internal static class TimerDelay
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <summary>
    /// Rounds up to a whole millisecond, because a timer that cuts off the rest fires too early. A delay that no timer can hold becomes 24
    /// days: check the remaining time when the timer fires.
    /// </summary>
    public static TimeSpan RoundUp(TimeSpan delay) =>
        delay >= Longest ? Longest : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(delay.TotalMilliseconds)));

    /// <summary>Invokes a callback once after a time of any length, unless the result is disposed first.</summary>
    public static IDisposable Start(TimeProvider timeProvider, TimeSpan delay, Action callback) =>
        new LongTimer(timeProvider, delay, callback);

    private sealed class LongTimer : IDisposable
    {
        private readonly TimeProvider _timeProvider;
        private readonly TimeSpan _delay;
        private readonly Action _callback;
        private readonly long _started;
        private readonly ITimer _timer;

        public LongTimer(TimeProvider timeProvider, TimeSpan delay, Action callback)
        {
            _timeProvider = timeProvider;
            _delay = delay;
            _callback = callback;
            _started = timeProvider.GetTimestamp();
            _timer = timeProvider.CreateTimer(
                static timer => ((LongTimer)timer!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(RoundUp(delay), Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => _timer.Dispose();

        private void OnTimer()
        {
            if (_delay - _timeProvider.GetElapsedTime(_started) is var left && left > TimeSpan.Zero)
            {
                _timer.Change(RoundUp(left), Timeout.InfiniteTimeSpan);
            }
            else
            {
                _callback();
            }
        }
    }
}

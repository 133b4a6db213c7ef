namespace LalalAi.Polling;

/// <summary>Delays for timers, which count whole milliseconds.</summary>
internal static class TimerDelay
{
    /// <summary>Rounds up to a whole millisecond, because a timer that cuts off the rest fires too early.</summary>
    public static TimeSpan RoundUp(TimeSpan delay) => TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));
}

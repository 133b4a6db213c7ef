namespace LalalAi.Polling;

/// <summary>Times for timers, which count in whole milliseconds and cut off the rest: a timer that fires too early has to be set again for nothing.</summary>
internal static class WholeMilliseconds
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <summary>Returns the next whole millisecond, one at least, and no more than a timer can hold.</summary>
    public static TimeSpan AtLeast(TimeSpan time)
    {
        if (time >= Longest)
        {
            return Longest;
        }

        var ticks = Math.Max(time.Ticks, 1);
        return TimeSpan.FromTicks((ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond);
    }
}

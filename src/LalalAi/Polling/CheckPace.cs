namespace LalalAi.Polling;

/// <summary>
/// How long after a check a task is due for the next. For the first 10 minutes of a wait it is the polling interval, so that an end is noticed at once; after that
/// the interval grows in proportion to the wait, to 10 seconds at most. With the default interval of 2.1 seconds that is 4.2 seconds after 20 minutes and 10 seconds after 48.
/// </summary>
internal static class CheckPace
{
    private static readonly TimeSpan Youth = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(10);

    public static TimeSpan After(TimeSpan waited, TimeSpan pollingInterval)
    {
        if (waited <= Youth || pollingInterval >= Slowest)
        {
            return pollingInterval;
        }

        var grown = TimeSpan.FromTicks((long)(pollingInterval.Ticks * ((double)waited.Ticks / Youth.Ticks)));
        return grown < Slowest ? grown : Slowest;
    }
}

namespace LalalAi.Http;

/// <summary>The delays between retries: twice as long each time, up to a limit, with jitter.</summary>
internal static class Backoff
{
    private static readonly TimeSpan Maximum = TimeSpan.FromSeconds(30);
    private static readonly Random Jitter = new();

    /// <summary>Returns the delay before a retry.</summary>
    /// <param name="retry">The number of the retry, from 0.</param>
    /// <param name="first">The delay before the first retry, without jitter.</param>
    /// <param name="requested">The delay that the server asked for.</param>
    public static TimeSpan Delay(int retry, TimeSpan first, TimeSpan? requested)
    {
        if (requested is { } delay)
        {
            return RetryAfter.Limit(delay);
        }

        double random;
        lock (Jitter)
        {
            random = Jitter.NextDouble();
        }

        var ticks = Math.Min(Maximum.Ticks, first.Ticks * Math.Pow(2, Math.Min(retry, 30)));
        return TimeSpan.FromTicks((long)(ticks * (0.5 + (random / 2))));
    }
}

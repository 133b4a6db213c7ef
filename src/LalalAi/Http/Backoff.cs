namespace LalalAi.Http;

/// <summary>
/// The delays between retries: twice as long each time, up to a limit. Clients that fail together must not retry together, so a delay is up
/// to 25 % shorter or longer.
/// </summary>
internal static class Backoff
{
    /// <summary>The limit for the delays of calls and downloads.</summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromSeconds(30);

    private static readonly Random Jitter = new();

    /// <summary>Returns the delay before a retry.</summary>
    /// <param name="retry">The number of the retry, from 0.</param>
    /// <param name="first">The delay before the first retry, without jitter.</param>
    /// <param name="maximum">The longest delay.</param>
    public static TimeSpan Delay(int retry, TimeSpan first, TimeSpan maximum)
    {
        double random;
        lock (Jitter)
        {
            random = Jitter.NextDouble();
        }

        var ticks = Math.Min(maximum.Ticks, first.Ticks * Math.Pow(2, Math.Min(retry, 30)));
        return TimeSpan.FromTicks((long)Math.Min(maximum.Ticks, ticks * (0.75 + (random / 2))));
    }
}

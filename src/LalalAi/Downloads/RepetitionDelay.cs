namespace LalalAi.Downloads;

/// <summary>How long to wait before a repetition: twice as long each time, and not the same for everybody.</summary>
internal static class RepetitionDelay
{
    private static readonly TimeSpan Maximum = TimeSpan.FromSeconds(30);
    private static readonly Random Jitter = new();

    /// <summary>Returns the wait before a repetition, the first being number zero.</summary>
    public static TimeSpan Of(int repetition, TimeSpan first, TimeSpan? asked)
    {
        if (asked is { } wait && wait >= TimeSpan.Zero && wait <= Maximum)
        {
            return wait;
        }

        double random;
        lock (Jitter)
        {
            random = Jitter.NextDouble();
        }

        var ticks = Math.Min(Maximum.Ticks, first.Ticks * Math.Pow(2, Math.Min(repetition, 30)));
        return TimeSpan.FromTicks((long)(ticks * (0.5 + (random / 2))));
    }
}

namespace LalalAi.Sandbox.State;

/// <summary>When a task leaves the queue and when it completes.</summary>
internal readonly record struct ProcessingSchedule(DateTimeOffset LeavesQueue, DateTimeOffset Completes)
{
    private const double QueueSeconds = 2;
    private const double SecondsPerSecondOfAudio = 0.1;

    // At a speed close to 0, tasks never finish. This time can still be added to a date.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>Stems are extracted one after another, so each stem takes the same time.</summary>
    public static ProcessingSchedule Create(DateTimeOffset created, int durationSeconds, int stems, double speed)
    {
        var leavesQueue = created + Time(QueueSeconds);
        return new ProcessingSchedule(leavesQueue, leavesQueue + Time(SecondsPerSecondOfAudio * durationSeconds * stems));

        TimeSpan Time(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds / speed, Longest.TotalSeconds));
    }
}

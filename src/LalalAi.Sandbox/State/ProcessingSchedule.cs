namespace LalalAi.Sandbox.State;

/// <summary>When a task leaves the queue and when it completes.</summary>
internal readonly record struct ProcessingSchedule(DateTimeOffset LeavesQueue, DateTimeOffset Completes)
{
    private const double QueueSeconds = 2;
    private const double SecondsPerSecondOfAudio = 0.1;

    /// <summary>Stems are extracted one after another, so each adds the same time.</summary>
    public static ProcessingSchedule Create(DateTimeOffset created, int durationSeconds, int stems, double speed)
    {
        var leavesQueue = created + TimeSpan.FromSeconds(QueueSeconds / speed);
        return new ProcessingSchedule(
            leavesQueue, leavesQueue + TimeSpan.FromSeconds(durationSeconds * stems * SecondsPerSecondOfAudio / speed));
    }
}

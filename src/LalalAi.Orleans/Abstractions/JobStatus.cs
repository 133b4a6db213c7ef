namespace LalalAi;

/// <summary>The status of a job.</summary>
public sealed record JobStatus
{
    /// <summary>The name of the job within its catalog.</summary>
    public required string Name { get; init; }

    /// <summary>The state of the job.</summary>
    public required JobState State { get; init; }

    /// <summary>Why the job waits, failed or is lost, or why it was retried, until it is done.</summary>
    public string? Reason { get; init; }

    /// <summary>The task, or <see langword="null"/> before its start or if its ID was lost.</summary>
    public TaskId? TaskId { get; init; }

    /// <summary>
    /// The estimated price of the task in minutes, or <see langword="null"/> if nothing was started or the price is not known.
    /// </summary>
    public double? Minutes { get; init; }

    /// <summary>The labels of the tracks that were stored.</summary>
    public IReadOnlyList<string> Tracks { get; init; } = [];

    /// <summary>The number of failed attempts, not counting outages.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>Whether the job has ended.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsFinal => State > JobState.Running;
}

/// <summary>The states of a job.</summary>
public enum JobState
{
    /// <summary>The job is waiting, for example because its catalog is paused.</summary>
    Waiting = 0,

    /// <summary>The job is in progress.</summary>
    Running = 1,

    /// <summary>Every track is stored.</summary>
    Done = 2,

    /// <summary>The job failed. <see cref="JobStatus.Reason"/> contains the reason.</summary>
    Failed = 3,

    /// <summary>
    /// A task was started and is charged, but its ID or its result could not be recovered. It is not restarted automatically; see
    /// <see cref="IJobGrain.StartAgainAsync"/>.
    /// </summary>
    Lost = 4,

    /// <summary>The job was canceled.</summary>
    Canceled = 5,
}

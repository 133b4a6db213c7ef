namespace LalalAi.Cluster.Jobs;

/// <summary>What is stored about a job.</summary>
internal sealed record JobRecord
{
    public required JobRequest Request { get; init; }

    public JobState State { get; init; } = JobState.Running;

    public string? Reason { get; init; }

    /// <summary>How far the job got. Stored with its idempotency key before the start is sent.</summary>
    public JobCheckpoint? Checkpoint { get; init; }

    /// <summary>Part of the idempotency key. Only a person raises it, to pay again.</summary>
    public int Generation { get; init; } = 1;

    /// <summary>The failed attempts before the start, not counting outages.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>The attempts after the start that could not look the task up.</summary>
    public int FailedLookups { get; init; }

    public IReadOnlyList<string> Tracks { get; init; } = [];

    public JobStatus ToStatus() => new()
    {
        Name = Request.Name,
        State = State,
        Reason = Reason,
        TaskId = Checkpoint?.TaskId,
        Minutes = Checkpoint?.IdempotencyKey is null ? null : Checkpoint.Source?.EstimateMinutes(Request.Presets),
        Tracks = Tracks,
        FailedAttempts = FailedAttempts + FailedLookups,
    };
}

using LalalAi.Cluster.Files;

namespace LalalAi.Cluster.Jobs;

/// <summary>What follows from the failure of a job.</summary>
internal enum JobFailure
{
    /// <summary>The service, a storage or another silo is not available. The job is retried without limit.</summary>
    Outage,

    /// <summary>The reason may be the job's. It is retried, and counted.</summary>
    Attempt,

    /// <summary>The service did not find the task, which it may have lost. The job is retried, and counted.</summary>
    Lookup,

    /// <summary>The job may not start now. It costs nothing, and has its turn when its catalog is resumed.</summary>
    Wait,

    /// <summary>The reason concerns all jobs of the license. The catalog is paused.</summary>
    Pause,

    /// <summary>The service rejected the job. Nothing was paid, or the task failed.</summary>
    Fail,

    /// <summary>The task is charged, and its ID is not known.</summary>
    Lose,
}

/// <summary>Decides what follows from an exception.</summary>
internal static class FailureClassifier
{
    public static JobFailure Classify(Exception exception, JobCheckpoint? checkpoint) => exception switch
    {
        LalalAiProcessException { InnerException: { } inner } => Classify(inner, checkpoint),
        HttpRequestException { InnerException: JobSourceRefusedException } => JobFailure.Fail,
        StartRefusedException { IsFinal: var isFinal } => isFinal ? JobFailure.Fail : JobFailure.Wait,
        LalalAiQuotaException { Code: "exceeded_duration" } or LalalAiAuthenticationException => JobFailure.Pause,
        LalalAiAmbiguousStartException { IsProbablyRunning: true } or LalalAiIdempotencyKeyUsedException => JobFailure.Lose,
        LalalAiTaskException { State: TaskFailed or TaskCanceled } => JobFailure.Fail,
        LalalAiApiException { StatusCode: 408 or 429 or >= 500 } or LalalAiConnectionException => JobFailure.Outage,
        LalalAiAmbiguousStartException or TimeoutException or OrleansException => JobFailure.Outage,
        // The task is paid for. Only the service can say that it is gone.
        _ when checkpoint?.TaskId is not null =>
            exception is LalalAiTaskException or LalalAiApiException ? JobFailure.Lookup : JobFailure.Outage,
        LalalAiApiException { Code: "internal_error" } => JobFailure.Attempt,
        // The service's own refusal. Before a stored key was sent, it proves that nothing was started; after that, nothing does.
        LalalAiApiException { Code: not null } or LalalAiApiException { Detail: not null } =>
            checkpoint?.IdempotencyKey is not null ? JobFailure.Lose : JobFailure.Fail,
        ArgumentException or JobSourceRefusedException => JobFailure.Fail,
        _ => JobFailure.Attempt,
    };
}

/// <summary>The job may not start: its catalog does not allow it, or its recording is elsewhere.</summary>
internal sealed class StartRefusedException(string message, bool isFinal) : Exception(message)
{
    /// <summary>Whether that will not change.</summary>
    public bool IsFinal { get; } = isFinal;
}

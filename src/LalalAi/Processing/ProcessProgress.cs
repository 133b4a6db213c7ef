namespace LalalAi;

/// <summary>The progress of a job that goes from a file to tracks in one call.</summary>
/// <param name="Phase">The current phase.</param>
/// <param name="Fraction">The finished part of the phase, from 0 to 1, or <see langword="null"/> if it is not known.</param>
/// <param name="Overall">The finished part of the whole job, from 0 to 1. It never decreases. Transfers and processing are weighted by
/// experience, not by measurement.</param>
/// <param name="Transfer">The bytes, while uploading and downloading.</param>
/// <param name="State">The state of the task, while processing.</param>
/// <param name="TaskId">The task, after its start. Whatever happens to the job, the task can be waited for with it.</param>
public sealed record ProcessProgress(
    ProcessPhase Phase,
    double? Fraction,
    double Overall,
    TransferProgress? Transfer = null,
    TaskState? State = null,
    TaskId? TaskId = null);

/// <summary>The phases of a job, in order.</summary>
public enum ProcessPhase
{
    /// <summary>The file is uploaded.</summary>
    Uploading = 0,

    /// <summary>The task is started. This is the only phase that costs minutes.</summary>
    Starting = 1,

    /// <summary>The task is queued or in progress.</summary>
    Processing = 2,

    /// <summary>The tracks are downloaded.</summary>
    Downloading = 3,

    /// <summary>The job is finished.</summary>
    Done = 4,
}

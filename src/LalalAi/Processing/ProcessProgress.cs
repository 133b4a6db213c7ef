namespace LalalAi;

/// <summary>The progress of a job that <c>ProcessAsync</c> runs.</summary>
/// <param name="Phase">The current phase.</param>
/// <param name="Fraction">The finished part of the phase, from 0 to 1, or <see langword="null"/> if it is not known.</param>
/// <param name="Overall">The finished part of the whole job, from 0 to 1. It never decreases. The weights of transfers and processing are
/// estimates.</param>
/// <param name="Transfer">The bytes, while uploading and downloading.</param>
/// <param name="State">The state of the task, while processing.</param>
/// <param name="TaskId">The task, once it is started. Even if the job fails, you can wait for the task with this ID.</param>
/// <param name="CheckFailure">Why checks fail at present, so that the job is paused, or <see langword="null"/> if they succeed. The client
/// continues the checks, and the job continues with the next state of its task.</param>
public sealed record ProcessProgress(
    ProcessPhase Phase,
    double? Fraction,
    double Overall,
    TransferProgress? Transfer = null,
    TaskState? State = null,
    TaskId? TaskId = null,
    Exception? CheckFailure = null);

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

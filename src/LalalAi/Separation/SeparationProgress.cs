namespace LalalAi;

/// <summary>How far a job is that goes from file to tracks in one call.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Fraction">The part of the phase that is done, from 0 to 1, or <see langword="null"/> when it is not known.</param>
/// <param name="Transfer">The bytes, while uploading and downloading.</param>
/// <param name="State">The task's state, while processing.</param>
/// <param name="Task">The task, from its start on: whatever becomes of the job then, it can be waited for with this.</param>
public sealed record SeparationProgress(SeparationPhase Phase, double? Fraction, TransferProgress? Transfer = null, TaskState? State = null, TaskId? Task = null);

/// <summary>The phases of a job, in their order.</summary>
public enum SeparationPhase
{
    /// <summary>The file is on its way to the service.</summary>
    Uploading = 0,

    /// <summary>The task waits or is being worked on.</summary>
    Processing = 1,

    /// <summary>The tracks are on their way back.</summary>
    Downloading = 2,

    /// <summary>All is done.</summary>
    Done = 3,
}

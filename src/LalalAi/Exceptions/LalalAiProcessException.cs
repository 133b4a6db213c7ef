namespace LalalAi;

/// <summary>
/// A job failed for a reason outside of this library, such as a full disk or an exception in the application's host.
/// <see cref="Exception.InnerException"/> is that reason, and <see cref="LalalAiException.Checkpoint"/> contains what was uploaded and
/// started.
/// </summary>
public sealed class LalalAiProcessException : LalalAiException
{
    /// <summary>Creates the exception.</summary>
    public LalalAiProcessException(string message, JobCheckpoint checkpoint, Exception? innerException = null)
        : base(message, innerException) => Checkpoint = checkpoint;
}

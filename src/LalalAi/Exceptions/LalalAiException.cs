namespace LalalAi;

/// <summary>The base class of the exceptions that this library throws.</summary>
/// <remarks>
/// Three kinds of failure use .NET's own types, because callers catch those everywhere: invalid arguments
/// (<see cref="ArgumentException"/>), timeouts (<see cref="TimeoutException"/>) and cancellation
/// (<see cref="OperationCanceledException"/>).
/// </remarks>
public class LalalAiException : Exception
{
    /// <summary>Creates an exception with a message and an optional cause.</summary>
    public LalalAiException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// The job that failed, if <c>ProcessAsync</c> threw the exception: its source, idempotency key and task, as far as it got. Pass it to
    /// <see cref="ProcessOptions.ResumeFrom"/> to resume the job without paying twice.
    /// </summary>
    public JobCheckpoint? Checkpoint { get; internal set; }

    /// <summary>Returns a copy for another caller, which sets a <see cref="Checkpoint"/> of its own.</summary>
    internal LalalAiException Copy() => (LalalAiException)MemberwiseClone();
}

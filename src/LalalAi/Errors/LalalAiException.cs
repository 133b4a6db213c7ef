namespace LalalAi;

/// <summary>The root of what this library throws when something fails that the caller could not have known before.</summary>
/// <remarks>
/// Three things are not below it, because .NET has types for them that callers catch everywhere: wrong arguments (<see cref="ArgumentException"/>), time-outs
/// (<see cref="TimeoutException"/>) and cancellation (<see cref="OperationCanceledException"/>).
/// </remarks>
public class LalalAiException : Exception
{
    /// <summary>Makes an exception with a message for people and, where there is one, its cause.</summary>
    public LalalAiException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

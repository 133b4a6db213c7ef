namespace LalalAi.AI;

/// <summary>
/// A call was rejected. The caller, usually a model, receives the message, so the message contains nothing confidential.
/// </summary>
public sealed class LalalAiFunctionException : LalalAiException
{
    /// <summary>Creates an exception with a message for the caller.</summary>
    public LalalAiFunctionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

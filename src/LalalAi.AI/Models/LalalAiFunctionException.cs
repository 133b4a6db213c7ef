namespace LalalAi.AI;

/// <summary>
/// A call is refused. The caller, usually a model, reads the message, so it contains nothing that the caller may not learn.
/// </summary>
public sealed class LalalAiFunctionException : LalalAiException
{
    /// <summary>Creates an exception with a message for the caller.</summary>
    public LalalAiFunctionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

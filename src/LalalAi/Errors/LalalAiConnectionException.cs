namespace LalalAi;

/// <summary>The service could not be reached, or the connection broke, and repeating did not help or was not safe.</summary>
public sealed class LalalAiConnectionException : LalalAiException
{
    internal LalalAiConnectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace LalalAi;

/// <summary>The service could not be reached, or the connection broke, and retries did not help or were not safe.</summary>
public sealed class LalalAiConnectionException : LalalAiException
{
    /// <summary>Creates the exception.</summary>
    public LalalAiConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether a retry cannot help, because the server's certificate or the configuration is wrong.</summary>
    internal bool IsPermanent { get; init; }
}

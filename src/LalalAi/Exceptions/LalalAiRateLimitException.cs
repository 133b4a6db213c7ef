namespace LalalAi;

/// <summary>Too many requests (HTTP 429), even after all retries.</summary>
public sealed class LalalAiRateLimitException : LalalAiApiException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message for people.</param>
    /// <param name="retryAfter">The delay that the service requested.</param>
    /// <param name="requestId">The ID of the request.</param>
    /// <param name="innerException">The cause.</param>
    public LalalAiRateLimitException(
        string message, TimeSpan? retryAfter = null, string? requestId = null, Exception? innerException = null)
        : base(
            message,
            new ApiError { StatusCode = 429, RetryAfter = retryAfter, RequestId = requestId, IsFromService = true },
            innerException)
    {
    }

    internal LalalAiRateLimitException(string message, ApiError error, Exception? innerException)
        : base(message, error, innerException)
    {
    }
}

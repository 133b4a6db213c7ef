namespace LalalAi;

/// <summary>The service rejected the license key: it is missing, unknown, or not allowed to do this (HTTP 401 or 403).</summary>
public sealed class LalalAiAuthenticationException : LalalAiApiException
{
    /// <inheritdoc/>
    public LalalAiAuthenticationException(
        string message, int statusCode = 403, string? code = null, string? requestId = null, Exception? innerException = null)
        : base(message, statusCode, code, requestId, innerException)
    {
    }

    internal LalalAiAuthenticationException(string message, ApiError error, Exception? innerException)
        : base(message, error, innerException)
    {
    }
}

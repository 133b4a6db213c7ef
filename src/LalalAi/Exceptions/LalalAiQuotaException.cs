namespace LalalAi;

/// <summary>
/// The plan does not cover the request: not enough minutes (<c>exceeded_duration</c>), a file that is too large (<c>exceeded_size</c>) or
/// too long (<c>max_duration</c>), or a plan without batches (<c>batch_not_avaliable</c>).
/// </summary>
public sealed class LalalAiQuotaException : LalalAiApiException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message for people.</param>
    /// <param name="code">The service's code.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="requestId">The ID of the request.</param>
    /// <param name="innerException">The cause.</param>
    public LalalAiQuotaException(
        string message,
        string? code = "exceeded_duration",
        int statusCode = 400,
        string? requestId = null,
        Exception? innerException = null)
        : base(message, statusCode, code, requestId, innerException)
    {
    }

    internal LalalAiQuotaException(string message, ApiError error, Exception? innerException)
        : base(message, error, innerException)
    {
    }
}

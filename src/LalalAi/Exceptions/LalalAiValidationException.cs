namespace LalalAi;

/// <summary>
/// The service rejected the request as malformed (HTTP 422). <see cref="LalalAiApiException.ValidationErrors"/> contains the locations.
/// </summary>
public sealed class LalalAiValidationException : LalalAiApiException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message for people.</param>
    /// <param name="validationErrors">The validation errors.</param>
    /// <param name="requestId">The ID of the request.</param>
    /// <param name="innerException">The cause.</param>
    public LalalAiValidationException(
        string message,
        IReadOnlyList<RequestValidationError>? validationErrors = null,
        string? requestId = null,
        Exception? innerException = null)
        : base(
            message,
            new ApiError { StatusCode = 422, ValidationErrors = validationErrors ?? [], RequestId = requestId, IsFromService = true },
            innerException)
    {
    }

    internal LalalAiValidationException(string message, ApiError error, Exception? innerException)
        : base(message, error, innerException)
    {
    }
}

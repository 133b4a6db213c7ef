using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>The service returned an error. Match on <see cref="Code"/> to distinguish errors, never on texts.</summary>
public class LalalAiApiException : LalalAiException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message for people.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="code">The service's code.</param>
    /// <param name="requestId">The ID of the request.</param>
    /// <param name="innerException">The cause.</param>
    public LalalAiApiException(
        string message, int statusCode, string? code = null, string? requestId = null, Exception? innerException = null)
        : this(message, new ApiError { StatusCode = statusCode, Code = code, RequestId = requestId, IsFromService = true }, innerException)
    {
    }

    internal LalalAiApiException(string message, ApiError error, Exception? innerException)
        : base(message, innerException) => Error = error;

    /// <summary>The HTTP status.</summary>
    public int StatusCode => Error.StatusCode;

    /// <summary>
    /// The service's code, for example <c>idempotency_key_used</c>, <c>internal_error</c>, <c>exceeded_duration</c>, <c>exceeded_size</c>,
    /// <c>max_duration</c> or <c>batch_not_avaliable</c> (the service's spelling); <see langword="null"/> if it sent none. There may be
    /// others.
    /// </summary>
    public string? Code => Error.Code;

    /// <summary>The reason in the service's words: a text, an object, or a list of objects. Check its type before reading it.</summary>
    public JToken? Detail => Error.Detail;

    /// <summary>The validation errors of a rejected request; empty if the service listed none.</summary>
    public IReadOnlyList<RequestValidationError> ValidationErrors => Error.ValidationErrors;

    /// <summary>The ID of the request, which the service's support asks for.</summary>
    public string? RequestId => Error.RequestId;

    /// <summary>The first 64 KiB of the response's body.</summary>
    public string? ResponseBody => Error.Body;

    /// <summary>The delay that the response requested with <c>Retry-After</c>, if it did. The client waits for 5 minutes at most.</summary>
    public TimeSpan? RetryAfter => Error.RetryAfter;

    internal ApiError Error { get; }
}

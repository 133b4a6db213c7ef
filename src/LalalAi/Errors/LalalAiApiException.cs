using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>The service answered, and the answer was an error. Callers that tell errors apart match <see cref="Code"/>, never prose.</summary>
public class LalalAiApiException : LalalAiException
{
    internal LalalAiApiException(string message, ApiError error, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The HTTP status.</summary>
    public int StatusCode => Error.StatusCode;

    /// <summary>
    /// The service's code, for example <c>idempotency_key_used</c>, <c>internal_error</c>, <c>exceeded_duration</c>, <c>exceeded_size</c>, <c>max_duration</c> or
    /// <c>batch_not_avaliable</c> (spelled so by the service); <see langword="null"/> when it sent none. There may be more.
    /// </summary>
    public string? Code => Error.Code;

    /// <summary>What went wrong in the service's words: text, an object, or a list of objects. Look at its type before reading it.</summary>
    public JToken? Detail => Error.Detail;

    /// <summary>The faults of a refused request, one by one; empty when the service listed none.</summary>
    public IReadOnlyList<ValidationError> ValidationErrors => Error.ValidationErrors;

    /// <summary>The id of the request, which the service's support asks for.</summary>
    public string? RequestId => Error.RequestId;

    /// <summary>The answer's body as it came, at most its first 64 KiB.</summary>
    public string? ResponseBody => Error.Body;

    /// <summary>How long the service asked to wait, when it did.</summary>
    public TimeSpan? RetryAfter => Error.RetryAfter;

    /// <summary>What the exception was made of, to make a more specific one of it.</summary>
    internal ApiError Error { get; }
}

/// <summary>The license key is missing, unknown or not allowed to do this (HTTP 401 or 403).</summary>
public sealed class LalalAiAuthenticationException : LalalAiApiException
{
    internal LalalAiAuthenticationException(string message, ApiError error, Exception? innerException)
        : base(message, error, innerException)
    {
    }
}

/// <summary>The service found the request malformed (HTTP 422); <see cref="LalalAiApiException.ValidationErrors"/> says where.</summary>
public sealed class LalalAiValidationException : LalalAiApiException
{
    internal LalalAiValidationException(string message, ApiError error, Exception? innerException)
        : base(message, error, innerException)
    {
    }
}

/// <summary>
/// The plan does not cover the request: no minutes left (<c>exceeded_duration</c>), a file too large (<c>exceeded_size</c>) or too long
/// (<c>max_duration</c>), or no batches (<c>batch_not_avaliable</c>).
/// </summary>
public sealed class LalalAiQuotaException : LalalAiApiException
{
    internal LalalAiQuotaException(string message, ApiError error, Exception? innerException)
        : base(message, error, innerException)
    {
    }
}

/// <summary>Too many requests (HTTP 429), also after waiting and repeating.</summary>
public sealed class LalalAiRateLimitException : LalalAiApiException
{
    internal LalalAiRateLimitException(string message, ApiError error, Exception? innerException)
        : base(message, error, innerException)
    {
    }
}

/// <summary>
/// The idempotency key belongs to a task that has begun already (<c>idempotency_key_used</c>). Nothing was started by this call; the task that the key
/// belongs to goes on under the id that its own start returned.
/// </summary>
public sealed class LalalAiIdempotencyKeyUsedException : LalalAiApiException
{
    internal LalalAiIdempotencyKeyUsedException(string message, ApiError error, Guid idempotencyKey, Exception? innerException)
        : base(message, error, innerException) => IdempotencyKey = idempotencyKey;

    /// <summary>The key that was sent.</summary>
    public Guid IdempotencyKey { get; }
}

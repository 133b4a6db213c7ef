namespace LalalAi;

/// <summary>
/// The idempotency key belongs to a task that was started before (<c>idempotency_key_used</c>). This call started nothing. That task
/// has the ID that its own start returned.
/// </summary>
public sealed class LalalAiIdempotencyKeyUsedException : LalalAiApiException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message for people.</param>
    /// <param name="idempotencyKey">The key that was sent.</param>
    /// <param name="requestId">The ID of the request.</param>
    /// <param name="innerException">The cause.</param>
    public LalalAiIdempotencyKeyUsedException(
        string message, Guid idempotencyKey, string? requestId = null, Exception? innerException = null)
        : base(message, 400, ErrorMapping.IdempotencyKeyUsed, requestId, innerException) => IdempotencyKey = idempotencyKey;

    internal LalalAiIdempotencyKeyUsedException(string message, LalalAiApiException cause, Guid idempotencyKey)
        : base(message, cause.Error, cause) => IdempotencyKey = idempotencyKey;

    /// <summary>The key that was sent.</summary>
    public Guid IdempotencyKey { get; }
}

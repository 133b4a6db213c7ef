namespace LalalAi;

/// <summary>
/// A start was canceled after it was sent and before its response arrived. The task may run and be charged. To find out, or to start it
/// after all, retry with <see cref="IdempotencyKey"/>, which starts it at most once.
/// </summary>
public sealed class LalalAiStartCanceledException : OperationCanceledException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="sourceId">The source of the task.</param>
    /// <param name="idempotencyKey">The key of the start.</param>
    /// <param name="innerException">The cause.</param>
    /// <param name="cancellationToken">The token that was canceled.</param>
    public LalalAiStartCanceledException(
        SourceId sourceId, Guid idempotencyKey, Exception? innerException = null, CancellationToken cancellationToken = default)
        : base(
            "The start was canceled before its response arrived, so the task may or may not have been started. "
                + $"A retry with the idempotency key {idempotencyKey} does not start it twice.",
            innerException,
            cancellationToken)
    {
        SourceId = sourceId;
        IdempotencyKey = idempotencyKey;
    }

    /// <summary>The source of the task.</summary>
    public SourceId SourceId { get; }

    /// <summary>The idempotency key, the same in all attempts.</summary>
    public Guid IdempotencyKey { get; }
}

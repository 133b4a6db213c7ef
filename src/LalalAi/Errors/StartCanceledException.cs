namespace LalalAi;

/// <summary>
/// A start was cancelled when it had been sent, and before its answer came. The task may run and be paid for: to find out, or to start it after all, repeat the call with
/// <see cref="IdempotencyKey"/> in <see cref="StartOptions"/>, which starts it once at most.
/// </summary>
public sealed class StartCanceledException : OperationCanceledException
{
    /// <summary>Makes the exception for a start, the cause, and the token that asked for it.</summary>
    public StartCanceledException(SourceId sourceId, Guid idempotencyKey, Exception? innerException, CancellationToken cancellationToken)
        : base($"The start was cancelled before its answer came, so that the task may or may not have been started. Repeating the call with the idempotency key {idempotencyKey} does not start it twice.", innerException, cancellationToken)
    {
        SourceId = sourceId;
        IdempotencyKey = idempotencyKey;
    }

    /// <summary>The source that the task was to be started on.</summary>
    public SourceId SourceId { get; }

    /// <summary>The key of the start, the same in each of its attempts.</summary>
    public Guid IdempotencyKey { get; }
}

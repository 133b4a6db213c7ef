namespace LalalAi;

/// <summary>
/// A task was or may have been started and paid for, but the response with its ID was lost. Do not start it again with a new key, which may
/// be paid for twice. If <see cref="IsProbablyRunning"/> is <see langword="false"/>, retry with <see cref="IdempotencyKey"/>, which
/// starts it at most once. Otherwise a retry is rejected.
/// </summary>
public sealed class LalalAiAmbiguousStartException : LalalAiException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The problem. The exception appends instructions.</param>
    /// <param name="sourceId">The source of the task.</param>
    /// <param name="idempotencyKey">The key of the start.</param>
    /// <param name="isProbablyRunning">Whether the service confirmed that the task was started.</param>
    /// <param name="innerException">The cause.</param>
    public LalalAiAmbiguousStartException(
        string message, SourceId sourceId, Guid idempotencyKey, bool isProbablyRunning = false, Exception? innerException = null)
        : base($"{message} {Advice(idempotencyKey, isProbablyRunning)}", innerException)
    {
        SourceId = sourceId;
        IdempotencyKey = idempotencyKey;
        IsProbablyRunning = isProbablyRunning;
    }

    /// <summary>The source of the task.</summary>
    public SourceId SourceId { get; }

    /// <summary>The idempotency key, the same in all attempts.</summary>
    public Guid IdempotencyKey { get; }

    /// <summary>
    /// Whether the service confirmed that the key is in use: the task runs, and its ID is lost. If <see langword="false"/>, no response
    /// arrived at all, and a retry with the same key may still return the ID.
    /// </summary>
    public bool IsProbablyRunning { get; }

    private static string Advice(Guid key, bool isProbablyRunning) => isProbablyRunning
        ? $"The task is charged and its ID cannot be recovered; a retry with the idempotency key {key} is rejected. "
            + "Start it with a new key only if paying twice is acceptable."
        : $"Retry with the idempotency key {key}, which starts the task at most once. A new key may be paid for twice.";
}

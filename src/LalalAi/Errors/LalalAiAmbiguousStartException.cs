namespace LalalAi;

/// <summary>
/// A task was, or may have been, started and paid for, but the answer with its id was lost. Do not start it again with a new key: repeat the call with
/// <see cref="IdempotencyKey"/> in <see cref="StartOptions"/>, which starts it once at most.
/// </summary>
public sealed class LalalAiAmbiguousStartException : LalalAiException
{
    internal LalalAiAmbiguousStartException(string message, SourceId source, Guid idempotencyKey, bool isProbablyRunning, Exception innerException)
        : base(message, innerException)
    {
        SourceId = source;
        IdempotencyKey = idempotencyKey;
        IsProbablyRunning = isProbablyRunning;
    }

    /// <summary>The source that the task was to be started on.</summary>
    public SourceId SourceId { get; }

    /// <summary>The key of the start, the same in each of its attempts.</summary>
    public Guid IdempotencyKey { get; }

    /// <summary>
    /// Whether the service confirmed that the key is in use: the task runs, and its id cannot be had any more. When <see langword="false"/>, no answer
    /// came at all, and a repetition with the same key may still return the id.
    /// </summary>
    public bool IsProbablyRunning { get; }
}

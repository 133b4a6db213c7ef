namespace LalalAi;

/// <summary>
/// A batch was cancelled after some of it had been sent. What was sent is not taken back, and is paid for: <see cref="Starts"/> says what became of it, as far as it is known.
/// </summary>
public sealed class BatchCanceledException : OperationCanceledException
{
    /// <summary>Makes the exception for what was sent, the cause, and the token that asked for it.</summary>
    public BatchCanceledException(IReadOnlyList<TaskStart> starts, Exception? innerException, CancellationToken cancellationToken)
        : base($"The batch was cancelled after {starts?.Count ?? throw new ArgumentNullException(nameof(starts))} of its items were sent. {nameof(Starts)} says what became of them.", innerException, cancellationToken) =>
        Starts = starts;

    /// <summary>
    /// What became of the items that were sent, in their order: those of the request that was under way are <see cref="UnknownTaskStart"/>s, with the key to repeat each by. The items
    /// after them were not sent.
    /// </summary>
    public IReadOnlyList<TaskStart> Starts { get; }
}

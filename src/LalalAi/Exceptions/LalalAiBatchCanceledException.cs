namespace LalalAi;

/// <summary>
/// A batch was canceled after some starts were sent. Those may be charged: <see cref="Results"/> contains what is known about it.
/// </summary>
public sealed class LalalAiBatchCanceledException : OperationCanceledException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="results">The results of the starts that were sent.</param>
    /// <param name="innerException">The cause.</param>
    /// <param name="cancellationToken">The token that was canceled.</param>
    public LalalAiBatchCanceledException(
        IReadOnlyList<StartResult> results, Exception? innerException = null, CancellationToken cancellationToken = default)
        : base(
            $"The batch was canceled after {(results ?? throw new ArgumentNullException(nameof(results))).Count} of its starts were sent. "
                + $"{nameof(Results)} contains what is known about them.",
            innerException,
            cancellationToken) => Results = results;

    /// <summary>
    /// The results of the starts that were sent, in their order. Those of the request in flight are <see cref="StartAmbiguous"/>, with the
    /// key to retry each with. The other starts were not sent.
    /// </summary>
    public IReadOnlyList<StartResult> Results { get; }
}

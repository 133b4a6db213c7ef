namespace LalalAi;

/// <summary>Options of a batch of starts.</summary>
public sealed record BatchOptions
{
    /// <summary>
    /// Whether the starts are sent one by one if the plan does not include batches (<c>batch_not_avaliable</c>). <see langword="true"/> by
    /// default. Otherwise, each start of the rejected request is a <see cref="StartFailed"/>.
    /// </summary>
    public bool FallBackToSingleStarts { get; init; } = true;

    /// <summary>
    /// Whether the presets are checked against the contract's rules before anything is sent. <see langword="true"/> by default. Turn it off
    /// if the service has changed a rule since this version of the library.
    /// </summary>
    public bool ValidatePresets { get; init; } = true;
}

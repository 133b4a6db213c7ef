namespace LalalAi;

/// <summary>Options of a start.</summary>
public sealed record StartOptions
{
    /// <summary>
    /// The key that lets the service recognize a retried start. A new one for each call by default. Pass a key that you stored before the
    /// call to be able to retry it after a crash without paying twice.
    /// </summary>
    public Guid? IdempotencyKey { get; init; }

    /// <summary>
    /// Whether the presets are checked against the contract's rules before anything is sent. <see langword="true"/> by default. Turn it off
    /// if the service has changed a rule since this version of the library.
    /// </summary>
    public bool ValidatePresets { get; init; } = true;
}

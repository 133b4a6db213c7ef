namespace LalalAi;

/// <summary>How a task is started.</summary>
public sealed record StartOptions
{
    /// <summary>
    /// The key by which the service recognizes a repeated start. By default a new one for each call. Give one, and keep it before the call, to be able to repeat the call after a
    /// crash without paying twice.
    /// </summary>
    public Guid? IdempotencyKey { get; init; }
}

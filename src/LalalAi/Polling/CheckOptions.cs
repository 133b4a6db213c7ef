namespace LalalAi;

/// <summary>Options of a check.</summary>
public sealed record CheckOptions
{
    /// <summary>
    /// How old an answer may be. Zero by default: the service is asked. With a longer time, a task that is already being waited for is answered from its last check, without a request.
    /// </summary>
    public TimeSpan MaxAge { get; init; }
}

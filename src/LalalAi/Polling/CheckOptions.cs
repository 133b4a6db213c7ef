namespace LalalAi;

/// <summary>Options of <see cref="ILalalAiClient.CheckAsync"/>.</summary>
public sealed record CheckOptions
{
    /// <summary>
    /// The maximum age of a cached state, which is returned without a request. The client caches the states of tasks that it waits for, and
    /// of the last 1,000 other tasks that it checked. 0 by default, which always sends a request. <see cref="Timeout.InfiniteTimeSpan"/>
    /// accepts any age.
    /// </summary>
    public TimeSpan MaxAge { get; init; }
}

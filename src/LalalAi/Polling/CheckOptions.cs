namespace LalalAi;

/// <summary>Options of <see cref="ILalalAiClient.CheckAsync"/>.</summary>
public sealed record CheckOptions
{
    /// <summary>
    /// The maximum age of an answer. A younger one that the client has is returned without a request: for tasks that are waited for, and
    /// for the last 1,000 others that were checked. 0 by default, which always asks the service. <see cref="Timeout.InfiniteTimeSpan"/>
    /// accepts any age.
    /// </summary>
    public TimeSpan MaxAge { get; init; }
}

namespace LalalAi.Models;

/// <summary>
/// The service's times and durations, in seconds. One that is out of range must not turn an upload or a task that succeeded into a failure.
/// </summary>
internal static class ServiceTime
{
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
    private static readonly long Longest = (long)TimeSpan.MaxValue.TotalSeconds;

    /// <summary>Returns the time, or the nearest that exists.</summary>
    public static DateTimeOffset? FromUnixSeconds(long? seconds) =>
        seconds is { } known ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(Math.Max(known, 0), Latest)) : null;

    /// <summary>Returns the duration. One that cannot be is not known: it must not count as cheap.</summary>
    public static TimeSpan? Duration(long? seconds) =>
        seconds is >= 0 and var known && known <= Longest ? TimeSpan.FromSeconds(known) : null;
}

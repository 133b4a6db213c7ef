namespace LalalAi.Models;

/// <summary>
/// The service's times, in seconds since 1970. One that is out of range must not turn an upload that worked into an exception.
/// </summary>
internal static class UnixTime
{
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Returns the time, or the nearest that exists.</summary>
    public static DateTimeOffset? FromSeconds(long? seconds) =>
        seconds is { } known ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(Math.Max(known, 0), Latest)) : null;
}

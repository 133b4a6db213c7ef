namespace LalalAi;

/// <summary>The service's times. One that is out of all range must not turn an upload that worked into an exception.</summary>
internal static class UnixTime
{
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Returns the time that many seconds after 1970, or the nearest that there is.</summary>
    public static DateTimeOffset FromSeconds(long seconds) => DateTimeOffset.FromUnixTimeSeconds(Math.Min(Math.Max(seconds, 0), Latest));
}

using System.Threading.RateLimiting;

namespace LalalAi.Testing;

/// <summary>A limiter for a client that may check as often as it likes, so that no test waits for permits by the system's clock.</summary>
public static class UnlimitedChecks
{
    public static RateLimiter Limiter { get; } =
        new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = int.MaxValue, QueueLimit = int.MaxValue });
}

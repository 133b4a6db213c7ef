using System.Threading.RateLimiting;

namespace LalalAi.Polling;

/// <summary>The permits for check requests, from the user's limiter or from one of the client's own.</summary>
internal sealed class CheckPermits : IDisposable
{
    /// <summary>The service's limit: 30 checks a minute for a license key.</summary>
    public const int Limit = 30;

    /// <summary>The time that <see cref="Limit"/> counts for.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _timeProvider;
    private readonly RateLimiter _limiter;
    private readonly RateLimiter? _owned;

    public CheckPermits(LalalAiClientOptions options)
    {
        _timeProvider = options.TimeProvider;
        _owned = options.CheckRateLimiter is null ? new SlidingLogRateLimiter(Limit, Window, options.TimeProvider) : null;
        _limiter = options.CheckRateLimiter ?? _owned!;
    }

    /// <summary>Waits for one permit. The lease is to be held while the request is under way, because the user's limiter may count those.</summary>
    public async ValueTask<RateLimitLease> AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var lease = await _limiter.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
            if (lease.IsAcquired)
            {
                return lease;
            }

            // A limiter with a full queue, or with none, refuses instead of waiting.
            var retry = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.Zero ? after : DefaultRetry;
            lease.Dispose();
            await _timeProvider.Delay(WholeMilliseconds.AtLeast(retry), cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _owned?.Dispose();
}

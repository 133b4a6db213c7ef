using System.Threading.RateLimiting;

namespace SqliteWorker;

/// <summary>
/// The service allows 30 checks a minute for a license key, however many processes use it. This limiter counts those of all workers.
/// </summary>
internal sealed class SharedCheckLimiter(JobTable table) : RateLimiter
{
    public override TimeSpan? IdleDuration => null;

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount) => new Lease(table.TryCountCheck());

    // The client asks again after a second.
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(permitCount));

    private sealed class Lease(bool isAcquired) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}

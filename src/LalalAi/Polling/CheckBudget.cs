using System.Threading.RateLimiting;
using LalalAi.Polling;

namespace LalalAi;

/// <summary>
/// The service's limit for checks: 30 requests in any 60 seconds for a license key. By default, each client has its own budget. Clients
/// that share a license key in one process share a budget through <see cref="LalalAiClientOptions.CheckRateLimiter"/>.
/// </summary>
public static class CheckBudget
{
    /// <summary>The number of checks that the service allows in any <see cref="Window"/>.</summary>
    public const int MaxChecks = 30;

    /// <summary>The time to which <see cref="MaxChecks"/> applies: 60 seconds.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Creates a sliding-window limiter that grants <see cref="MaxChecks"/> permits in any <see cref="Window"/>. Requests wait for a
    /// permit in order. The limiter holds no resources, and does not have to be disposed.
    /// </summary>
    /// <param name="timeProvider">The clock. The system's by default.</param>
    public static RateLimiter Create(TimeProvider? timeProvider = null) => new SlidingLog(timeProvider ?? TimeProvider.System);

    // The limiters of System.Threading.RateLimiting count in fixed windows or segments. Two bursts on either side of a border can nearly
    // double the limit, and how the service counts is not known. They also run on the system's clock, which tests and simulations cannot
    // move.
    private sealed class SlidingLog(TimeProvider timeProvider) : RateLimiter
    {
        private readonly SemaphoreSlim _turn = new(1, 1);
        private readonly Queue<long> _granted = new();

        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount)
        {
            // The queue comes first.
            if (!_turn.Wait(0))
            {
                return new Lease(isAcquired: false, Window);
            }

            try
            {
                return TryGrant(permitCount, out var wait) ? Lease.Granted : new Lease(isAcquired: false, wait);
            }
            finally
            {
                _turn.Release();
            }
        }

        protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                while (!TryGrant(permitCount, out var wait))
                {
                    await timeProvider.Delay(TimerDelay.RoundUp(wait), cancellationToken).ConfigureAwait(false);
                }

                return Lease.Granted;
            }
            finally
            {
                _turn.Release();
            }
        }

        private bool TryGrant(int permits, out TimeSpan wait)
        {
            if (permits > MaxChecks)
            {
                throw new ArgumentOutOfRangeException(nameof(permits), permits, $"The limiter grants at most {MaxChecks} permits at once.");
            }

            while (_granted.Count > 0 && timeProvider.GetElapsedTime(_granted.Peek()) >= Window)
            {
                _granted.Dequeue();
            }

            var excess = _granted.Count + Math.Max(permits, 1) - MaxChecks;
            wait = excess > 0 ? Window - timeProvider.GetElapsedTime(_granted.ElementAt(excess - 1)) : TimeSpan.Zero;
            for (var permit = 0; permit < permits && excess <= 0; permit++)
            {
                _granted.Enqueue(timeProvider.GetTimestamp());
            }

            return excess <= 0;
        }
    }

    private sealed class Lease(bool isAcquired, TimeSpan? retryAfter) : RateLimitLease
    {
        public static readonly Lease Granted = new(isAcquired: true, null);

        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
            return metadata is not null;
        }
    }
}

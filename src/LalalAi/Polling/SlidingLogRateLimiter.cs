using System.Threading.RateLimiting;

namespace LalalAi.Polling;

/// <summary>
/// Grants so many permits in any window of time, whenever the window begins: it remembers when each permit was granted.
/// </summary>
/// <remarks>
/// The limiters of <see cref="System.Threading.RateLimiting"/> count in fixed windows or segments, so that two bursts on either side of a border can hold nearly twice the
/// limit, and whether the service counts that way is not known. They also run on the system's clock, which tests and simulations cannot move.
/// </remarks>
internal sealed class SlidingLogRateLimiter : RateLimiter
{
    private static readonly RateLimitLease Granted = new Lease(isAcquired: true, null);

    private readonly object _gate = new();
    private readonly TimeProvider _timeProvider;
    private readonly long _origin;
    private readonly int _limit;
    private readonly TimeSpan _window;
    private readonly Queue<TimeSpan> _log = new();
    private readonly LinkedList<Request> _queue = new();
    private ITimer? _timer;
    private TimeSpan _idleSince;
    private long _successes;
    private long _failures;
    private bool _isDisposed;

    public SlidingLogRateLimiter(int limit, TimeSpan window, TimeProvider timeProvider)
    {
        _limit = limit;
        _window = window;
        _timeProvider = timeProvider;
        _origin = timeProvider.GetTimestamp();
    }

    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_gate)
            {
                Forget();
                return _log.Count == 0 && _queue.Count == 0 ? Now - _idleSince : null;
            }
        }
    }

    private TimeSpan Now => _timeProvider.GetElapsedTime(_origin);

    public override RateLimiterStatistics GetStatistics()
    {
        lock (_gate)
        {
            Forget();
            return new RateLimiterStatistics
            {
                CurrentAvailablePermits = _limit - _log.Count,
                CurrentQueuedCount = _queue.Sum(request => (long)request.Permits),
                TotalSuccessfulLeases = _successes,
                TotalFailedLeases = _failures,
            };
        }
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_gate)
        {
            return TryGrant(permitCount) ? Granted : Refuse(permitCount);
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        if (permitCount > _limit)
        {
            throw new ArgumentOutOfRangeException(nameof(permitCount), permitCount, $"No window holds more than {_limit} permits.");
        }

        Request request;
        lock (_gate)
        {
            if (TryGrant(permitCount))
            {
                return new ValueTask<RateLimitLease>(Granted);
            }

            request = new Request(permitCount);
            _queue.AddLast(request);
            Arm();
        }

        return WaitAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var request in _queue)
            {
                request.TrySetResult(new Lease(isAcquired: false, null));
            }

            _queue.Clear();
            Arm();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<RateLimitLease> WaitAsync(Request request, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() => Withdraw(request, cancellationToken));
        return await request.Task.ConfigureAwait(false);
    }

    private void Withdraw(Request request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_queue.Remove(request))
            {
                request.TrySetCanceled(cancellationToken);
                Serve();
            }
        }
    }

    /// <summary>Grants permits to those who queue, in order, as far as the window allows.</summary>
    private void Serve()
    {
        Forget();
        while (_queue.First?.Value is { } request && _log.Count + request.Permits <= _limit)
        {
            _queue.RemoveFirst();
            Record(request.Permits);
            request.TrySetResult(Granted);
        }

        Arm();
    }

    private bool TryGrant(int permits)
    {
        if (_isDisposed)
        {
            throw new ObjectDisposedException(nameof(SlidingLogRateLimiter));
        }

        Forget();
        // Whoever comes now must not overtake those who queue.
        if (_queue.Count > 0 || _log.Count + Math.Max(permits, 1) > _limit)
        {
            return false;
        }

        Record(permits);
        return true;
    }

    private Lease Refuse(int permits)
    {
        _failures++;
        return new Lease(isAcquired: false, TimeUntil(Math.Max(permits, 1)));
    }

    private void Record(int permits)
    {
        var now = Now;
        for (var permit = 0; permit < permits; permit++)
        {
            _log.Enqueue(now);
        }

        _successes++;
    }

    /// <summary>Drops the permits that no window which ends now or later holds.</summary>
    private void Forget()
    {
        var now = Now;
        while (_log.Count > 0 && now - _log.Peek() >= _window)
        {
            _idleSince = _log.Dequeue() + _window;
        }
    }

    private TimeSpan TimeUntil(int permits)
    {
        var inTheWay = _log.Count + permits - _limit;
        return inTheWay <= 0 ? TimeSpan.Zero : _log.ElementAt(Math.Min(inTheWay, _log.Count) - 1) + _window - Now;
    }

    /// <summary>Keeps a timer exactly while somebody queues.</summary>
    private void Arm()
    {
        if (_queue.First?.Value is not { } next)
        {
            _timer?.Dispose();
            _timer = null;
            return;
        }

        _timer ??= _timeProvider.CreateTimer(static limiter => ((SlidingLogRateLimiter)limiter!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(WholeMilliseconds.AtLeast(TimeUntil(Math.Max(next.Permits, 1))), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            Serve();
        }
    }

    private sealed class Request(int permits) : TaskCompletionSource<RateLimitLease>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Permits { get; } = permits;
    }

    private sealed class Lease(bool isAcquired, TimeSpan? retryAfter) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
            return metadata is not null;
        }
    }
}

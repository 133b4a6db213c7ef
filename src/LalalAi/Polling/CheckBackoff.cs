namespace LalalAi.Polling;

/// <summary>
/// How long to keep still after a failure that may pass. The loop goes on for as long as somebody waits: an outage must not cost a task that was paid for, and each wait has a
/// time-out of its own. What the service says of too many requests holds for single checks and for the loop alike. Thread-safe.
/// </summary>
internal sealed class CheckBackoff(TimeProvider timeProvider)
{
    private readonly object _gate = new();
    private readonly long _origin = timeProvider.GetTimestamp();

    // A refused request may count towards the service's window as well, so that trying again soon makes it worse.
    private readonly Scale _rateLimit = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));
    private readonly Scale _outage = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>How long the loop keeps still from now on; zero or less when it need not.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
            {
                return Until - Now;
            }
        }
    }

    private TimeSpan Now => timeProvider.GetElapsedTime(_origin);

    private TimeSpan Until => _rateLimit.Until > _outage.Until ? _rateLimit.Until : _outage.Until;

    /// <summary>Waits for as long as nobody is to ask for anything, because there were too many requests.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (RateLimitLeft() is var left && left > TimeSpan.Zero)
        {
            await timeProvider.Delay(WholeMilliseconds.AtLeast(left), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Notes that the service answered.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _rateLimit.Failures = 0;
            _outage.Failures = 0;
        }
    }

    /// <summary>
    /// Notes that nobody waits any more. Whoever comes next begins with a check, whatever outage there was before; the service's limit stays what it was.
    /// </summary>
    public void Rest()
    {
        lock (_gate)
        {
            _outage.Failures = 0;
            _outage.Until = TimeSpan.Zero;
        }
    }

    /// <summary>Notes a failure, and returns how long the loop keeps still.</summary>
    public TimeSpan Note(Exception failure)
    {
        lock (_gate)
        {
            var now = Now;
            var asked = now + ((failure as LalalAiApiException)?.RetryAfter ?? TimeSpan.Zero);
            if (failure is LalalAiRateLimitException)
            {
                // Requests that were under way together are refused together: that is one time too many, not several.
                _rateLimit.Lengthen(now < _rateLimit.Until ? now : now + _rateLimit.Next(), asked);
            }
            else
            {
                _rateLimit.Failures = 0;
                _outage.Lengthen(now + _outage.Next(), asked);
            }

            return Until - now;
        }
    }

    private TimeSpan RateLimitLeft()
    {
        lock (_gate)
        {
            return _rateLimit.Until - Now;
        }
    }

    /// <summary>Waits that double from the first to the longest.</summary>
    private sealed class Scale(TimeSpan first, TimeSpan longest)
    {
        private readonly Random _random = new();

        public int Failures { get; set; }

        public TimeSpan Until { get; set; }

        public TimeSpan Next()
        {
            var seconds = Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(Failures++, 16)), longest.TotalSeconds);
            // Several machines that fail together must not come back together: 25 % to either side.
            return TimeSpan.FromSeconds(Math.Min(seconds * (0.75 + (_random.NextDouble() / 2)), longest.TotalSeconds));
        }

        public void Lengthen(params TimeSpan[] untils) => Until = untils.Append(Until).Max();
    }
}

using LalalAi.Http;

namespace LalalAi.Polling;

/// <summary>
/// How long to pause after failed checks. An outage does not end waits: the tasks were paid for, and callers have timeouts of their own.
/// Not thread-safe: the loop guards it.
/// </summary>
internal sealed class CheckBackoff
{
    private int _failures;
    private int _rateLimits;
    private bool _isAsked;

    /// <summary>When the pause ends, by the loop's clock.</summary>
    public TimeSpan Until { get; private set; }

    /// <summary>Records a failure, and returns the length of the pause.</summary>
    public TimeSpan Fail(Exception failure, TimeSpan now)
    {
        // A rejected request may count towards the service's limit as well, so a short pause makes it worse.
        var isRateLimit = failure is LalalAiRateLimitException;
        _rateLimits = isRateLimit ? _rateLimits + 1 : 0;
        var pause = isRateLimit
            ? Backoff.Delay(_rateLimits - 1, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60))
            : Backoff.Delay(_failures++, TimeSpan.FromSeconds(1), Backoff.Maximum);
        var asked = (failure as LalalAiApiException)?.RetryAfter is { } retryAfter ? RetryAfter.Limit(retryAfter) : TimeSpan.Zero;
        _isAsked = isRateLimit || asked > TimeSpan.Zero;
        Until = now + (asked > pause ? asked : pause);
        return Until - now;
    }

    /// <summary>Records an answer.</summary>
    public void Succeed() => (_failures, _rateLimits) = (0, 0);

    /// <summary>Ends a pause that the service did not ask for: a new caller begins with a request.</summary>
    public void Skip()
    {
        if (!_isAsked)
        {
            Until = TimeSpan.Zero;
            _failures = 0;
        }
    }
}

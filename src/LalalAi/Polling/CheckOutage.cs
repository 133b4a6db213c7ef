using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Polling;

/// <summary>
/// Why checks fail, and until when they pause. An outage does not end waits: the tasks were paid for, and callers have timeouts of their
/// own. It is logged once, with its start and end. The loop reports to it, one request after the other; the rest is thread-safe.
/// </summary>
internal sealed class CheckOutage(ILogger logger)
{
    private readonly object _gate = new();
    private TimeSpan _pausedUntil;
    private bool _isPauseAsked;
    private int _failures;

    private Exception? _cause;
    private TimeSpan _since;
    private bool _wasIntercepted;

    /// <summary>The last failure; <see langword="null"/> while checks are answered.</summary>
    public Exception? Cause => Volatile.Read(ref _cause);

    /// <summary>When the next request may be sent, by the loop's clock.</summary>
    public TimeSpan PausedUntil
    {
        get
        {
            lock (_gate)
            {
                return _pausedUntil;
            }
        }
    }

    /// <summary>Ends a pause that the service did not ask for: a new caller begins with a request.</summary>
    public void EndPause()
    {
        lock (_gate)
        {
            if (!_isPauseAsked)
            {
                (_pausedUntil, _failures) = (TimeSpan.Zero, 0);
            }
        }
    }

    /// <summary>Reports a failure, which begins a pause.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="now">The time, by the loop's clock.</param>
    /// <param name="waiting">The number of tasks that wait.</param>
    public void Fail(Exception failure, TimeSpan now, int waiting)
    {
        var error = failure as LalalAiApiException;
        var pause = Pause(failure, error?.RetryAfter, now);
        if (Interlocked.Exchange(ref _cause, failure) is null)
        {
            _since = now;
            LalalAiTelemetry.RecordOutages(1);
            Log.ChecksPaused(logger, failure.GetType().Name, error?.RequestId, pause, waiting);
        }
        else
        {
            Log.ChecksStillPaused(logger, failure, pause);
        }

        if (error is { Error.IsFromService: false } && !_wasIntercepted)
        {
            _wasIntercepted = true;
            Log.ChecksIntercepted(logger, error.StatusCode);
        }

        if (error?.RetryAfter is { } asked && asked != RetryAfter.Limit(asked))
        {
            Log.RetryAfterLimited(logger, asked, pause);
        }
    }

    /// <summary>Reports a response of the service, which ends the outage.</summary>
    public void End(TimeSpan now)
    {
        lock (_gate)
        {
            _failures = 0;
        }

        _wasIntercepted = false;
        if (Interlocked.Exchange(ref _cause, null) is not null)
        {
            LalalAiTelemetry.RecordOutages(-1);
            Log.ChecksResumed(logger, now - _since);
        }
    }

    private TimeSpan Pause(Exception failure, TimeSpan? retryAfter, TimeSpan now)
    {
        lock (_gate)
        {
            // A rejected request may count towards the service's limit as well, so a short pause makes it worse.
            var isRateLimit = failure is LalalAiRateLimitException;
            var pause = isRateLimit
                ? Backoff.Delay(_failures++, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60))
                : Backoff.Delay(_failures++, TimeSpan.FromSeconds(1), Backoff.Maximum);
            var asked = RetryAfter.Limit(retryAfter ?? TimeSpan.Zero);
            _isPauseAsked = isRateLimit || asked > TimeSpan.Zero;
            pause = asked > pause ? asked : pause;
            _pausedUntil = now + pause;
            return pause;
        }
    }
}

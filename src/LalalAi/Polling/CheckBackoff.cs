namespace LalalAi.Polling;

/// <summary>
/// How long the loop keeps still after a failure that may pass. It goes on for as long as somebody waits: an outage must not cost a task that was paid for, and each wait has a
/// time-out of its own.
/// </summary>
internal sealed class CheckBackoff
{
    // A refused request may count towards the service's window as well, so that trying again soon makes it worse.
    private static readonly Scale RateLimit = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));
    private static readonly Scale Outage = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private readonly Random _random = new();
    private Scale _scale = Outage;
    private int _failures;

    /// <summary>Until when the loop keeps still, by its clock.</summary>
    public TimeSpan Until { get; private set; }

    /// <summary>Notes that the service answered.</summary>
    public void Reset() => _failures = 0;

    /// <summary>
    /// Notes that nobody waits any more. Whoever comes next begins with a check, whatever outage there was before; the service's limit stays what it was.
    /// </summary>
    public void Rest()
    {
        if (_scale == Outage)
        {
            _failures = 0;
            Until = TimeSpan.Zero;
        }
    }

    /// <summary>Notes a failure, and returns how long to keep still.</summary>
    public TimeSpan Note(Exception failure, TimeSpan now)
    {
        var scale = failure is LalalAiRateLimitException ? RateLimit : Outage;
        if (scale != _scale)
        {
            _scale = scale;
            _failures = 0;
        }

        var seconds = Math.Min(scale.First.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 16)), scale.Longest.TotalSeconds);
        // Several machines that fail together must not come back together: 25 % to either side.
        var delay = TimeSpan.FromSeconds(Math.Min(seconds * (0.75 + (_random.NextDouble() / 2)), scale.Longest.TotalSeconds));
        if ((failure as LalalAiApiException)?.RetryAfter is { } asked && asked > delay)
        {
            delay = asked;
        }

        Until = now + delay;
        return delay;
    }

    private sealed record Scale(TimeSpan First, TimeSpan Longest);
}

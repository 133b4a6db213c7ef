namespace LalalAi.Polling;

/// <summary>
/// A task that is waited for or being checked: its callers, what is known about it, and when to ask for it next. Not thread-safe: the loop
/// guards it.
/// </summary>
internal sealed class WatchedTask(TaskId id, TimeSpan since)
{
    // The service looks up each ID by itself, which may fail for a moment.
    private const int LookupRetries = 3;

    // A failed lookup of a task that was started or found before says more about the service than about the task.
    private static readonly TimeSpan LookupPatience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan QueuedInterval = TimeSpan.FromSeconds(10);

    /// <summary>Orders tasks by when they are due.</summary>
    public static readonly IComparer<WatchedTask> ByDue = Comparer<WatchedTask>.Create(
        (one, other) => one.Due == other.Due ? one.Place.CompareTo(other.Place) : one.Due.CompareTo(other.Due));

    private readonly List<TaskSubscription> _subscriptions = new(1);
    private int _failedLookups;
    private TimeSpan? _existedAt;
    private TimeSpan? _queuedAt;
    private TimeSpan? _startedAt;

    public TaskId Id => id;

    /// <summary>When the first caller came, by the loop's clock.</summary>
    public TimeSpan Since => since;

    /// <summary>When to ask for the task, compared with the other tasks.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>The place among tasks that are due at the same time.</summary>
    public long Place { get; set; }

    /// <summary>The last state of the task.</summary>
    public TaskState? Latest { get; private set; }

    /// <summary>When <see cref="Latest"/> was asked for, by the loop's clock.</summary>
    public TimeSpan LatestAt { get; private set; }

    public IReadOnlyList<TaskSubscription> Subscriptions => _subscriptions;

    /// <summary>Whether the last state was the first of a series of failed lookups, which are retried for a wait.</summary>
    public bool IsFirstRetryDue => _failedLookups == 1 && _subscriptions.Exists(subscription => !subscription.IsCheck);

    /// <summary>Whether the task was started or found recently, so a failed lookup is not believed.</summary>
    public bool IsKnownToExist(TimeSpan now) => now - _existedAt < LookupPatience;

    /// <summary>Adds a caller. A wait receives what is known, and needs no more if the task has ended.</summary>
    public void Join(TaskSubscription subscription)
    {
        if (subscription.IsStarted)
        {
            _existedAt ??= since;
        }

        if (subscription.IsCheck || Latest is null || !subscription.Post(Latest))
        {
            _subscriptions.Add(subscription);
        }
    }

    public void Leave(TaskSubscription subscription) => _subscriptions.Remove(subscription);

    /// <summary>Passes a state on to the callers, and lets those go that need no other.</summary>
    /// <param name="state">The state.</param>
    /// <param name="request">The number of the request.</param>
    /// <param name="sentAt">When the request was sent.</param>
    /// <param name="now">The current time.</param>
    /// <returns>Whether the state ended waits.</returns>
    public bool Accept(TaskState state, long request, TimeSpan sentAt, TimeSpan now)
    {
        var isBelieved = IsBelieved(state, sentAt, now);
        var hasEndedWaits = false;
        _subscriptions.RemoveAll(subscription =>
        {
            var isExpected = subscription.IsCheck ? subscription.RequestsBefore < request : isBelieved;
            var isLast = isExpected && subscription.Post(state);
            hasEndedWaits |= isLast && !subscription.IsCheck;
            return isLast;
        });
        return hasEndedWaits;
    }

    /// <summary>
    /// Returns how long after its last state to ask for the task again. A task that makes progress is asked for when 60 % of its
    /// remaining time have passed, by its speed so far. A queued task is asked for more rarely the longer it is queued. The factors are
    /// those with which simulated ends are noticed first.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="shortest">The shortest interval.</param>
    /// <param name="round">The time in which all tasks can be asked for once.</param>
    public TimeSpan Interval(TimeSpan now, TimeSpan shortest, TimeSpan round)
    {
        var interval = Latest switch
        {
            TaskInProgress { Percent: > 0 and var percent } =>
                0.6 * (now - _startedAt!.Value).Ticks * (99.5 - percent) / (percent + 0.5),
            TaskInProgress => Math.Max(QueuedInterval.Ticks, 0.5 * (now - since).Ticks),
            _ => 0,
        };
        return TimeSpan.FromTicks((long)Math.Max(shortest.Ticks, Math.Min(1.5 * round.Ticks, interval)));
    }

    /// <summary>
    /// Records a state of the task, and returns whether waits receive it. A failed lookup is retried before it is believed.
    /// </summary>
    private bool IsBelieved(TaskState state, TimeSpan sentAt, TimeSpan now)
    {
        if (IsFailedLookup(state))
        {
            return ++_failedLookups > LookupRetries && !IsKnownToExist(now);
        }

        _failedLookups = 0;
        (Latest, LatestAt, _existedAt) = (state, sentAt, sentAt);
        if (state is TaskInProgress { Percent: > 0 })
        {
            // It started between the last state that reported it as queued and this one.
            _startedAt ??= _queuedAt is { } queued ? queued + TimeSpan.FromTicks((now - queued).Ticks / 2) : since;
        }
        else
        {
            _queuedAt = now;
        }

        return true;
    }

    /// <summary>
    /// Whether the service returned no state of the task: the lookup failed, or its response cannot be read. A state that this version does
    /// not know is one.
    /// </summary>
    private static bool IsFailedLookup(TaskState state) =>
        state is TaskLookupFailed
            or UnknownTaskState { IsFinal: true, Status: null }
            or UnknownTaskState { IsFinal: true, Problem: not null };
}

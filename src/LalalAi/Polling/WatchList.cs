namespace LalalAi.Polling;

/// <summary>
/// The tasks that are waited for or being checked, which of them to ask for next, and the last states of tasks that have left. Not
/// thread-safe: the loop guards it.
/// </summary>
internal sealed class WatchList(TimeSpan pollingInterval)
{
    private const int MaxRecentTasks = 1000;

    // At most three quarters of a request are for new tasks and single checks, so that any number of them leaves room for the waits.
    private const int MostNext = TaskStateQuery.MaximumIds * 3 / 4;

    private readonly Dictionary<TaskId, WatchedTask> _tasks = [];

    // Each task is in one of the three, unless a request with it is in flight.
    private readonly SortedSet<WatchedTask> _next = new(WatchedTask.ByDue);
    private readonly SortedSet<WatchedTask> _order = new(WatchedTask.ByDue);
    private readonly Queue<List<WatchedTask>> _rejected = new();

    private readonly Dictionary<TaskId, WatchedTask> _recent = [];
    private readonly Queue<WatchedTask> _recentOrder = new();
    private long _requests;
    private long _place;

    // How much longer than the polling interval it takes until the next request, on average: others may share the limiter or the transport.
    private TimeSpan _requestDelay;
    private bool _measuresRequestDelay;
    private bool _wasRejectedTurn;

    public int Count => _tasks.Count;

    /// <summary>When the last request was sent, by the loop's clock.</summary>
    public TimeSpan? SentAt { get; private set; }

    /// <summary>Whether every request is needed: for a new task or a check, or because one request cannot hold all tasks.</summary>
    public bool IsBusy => _next.Count > 0 || _tasks.Count > TaskStateQuery.MaximumIds;

    /// <summary>Begins to post the states of tasks to a subscription.</summary>
    public void Join(TaskSubscription subscription, TimeSpan now)
    {
        subscription.RequestsBefore = _requests;
        foreach (var id in subscription.TaskIds)
        {
            if (!_tasks.TryGetValue(id, out var task))
            {
                _tasks.Add(id, task = new WatchedTask(id, now));
                Insert(_next, task, now);
            }
            // A rejected task has a turn of its own. With others, it would have them rejected again.
            else if (subscription.IsCheck && !_next.Contains(task) && !_rejected.Any(batch => batch.Contains(task)))
            {
                _order.Remove(task);
                Insert(_next, task, now);
            }

            task.Join(subscription);
        }
    }

    /// <summary>Posts nothing more to a subscription, which may have left already.</summary>
    public void Leave(TaskSubscription subscription)
    {
        foreach (var id in subscription.TaskIds)
        {
            if (_tasks.TryGetValue(id, out var task))
            {
                task.Leave(subscription);
                RemoveIfUnneeded(task);
            }
        }
    }

    /// <summary>Returns the last state of a task if it is young enough. The task may have left since.</summary>
    public TaskState? Find(TaskId id, TimeSpan maxAge, TimeSpan now)
    {
        var isKnown = (_tasks.TryGetValue(id, out var task) && task.Latest is not null) || _recent.TryGetValue(id, out task);
        return isKnown && (maxAge == Timeout.InfiniteTimeSpan || now - task!.LatestAt <= maxAge) ? task!.Latest : null;
    }

    /// <summary>
    /// Takes the tasks of a request: new tasks and checks, then the tasks that are due first. A request costs the same with one ID as with
    /// 200, so tasks that are not due yet fill it.
    /// </summary>
    public List<WatchedTask> Take(TimeSpan now)
    {
        if (_measuresRequestDelay)
        {
            var delay = now - SentAt!.Value - pollingInterval;
            _requestDelay += TimeSpan.FromTicks((delay - _requestDelay).Ticks / 5);
            _measuresRequestDelay = false;
        }

        List<WatchedTask> batch;
        // Rejected tasks take turns with the others, which must not be rejected along with them.
        _wasRejectedTurn = _rejected.Count > 0 && (!_wasRejectedTurn || _next.Count + _order.Count == 0);
        if (_wasRejectedTurn)
        {
            batch = [.. _rejected.Dequeue().Where(IsWatched)];
        }
        else
        {
            batch = [.. _next.Take(Math.Max(MostNext, TaskStateQuery.MaximumIds - _order.Count))];
            batch.AddRange(_order.Take(TaskStateQuery.MaximumIds - batch.Count));
        }

        foreach (var task in batch)
        {
            _next.Remove(task);
            _order.Remove(task);
        }

        if (batch.Count > 0)
        {
            SentAt = now;
            _requests++;
        }

        return batch;
    }

    /// <summary>Passes states on to the callers, and returns the states that ended waits, with how long the first caller waited.</summary>
    public List<(TaskState State, TimeSpan Waited)> Accept(List<WatchedTask> batch, IReadOnlyList<TaskState> states, TimeSpan now)
    {
        List<(TaskState, TimeSpan)> ended = [];
        foreach (var (task, state) in batch.Zip(states, (task, state) => (task, state)))
        {
            if (task.Accept(state, _requests, SentAt!.Value, now))
            {
                ended.Add((state, now - task.Since));
            }

            RemoveIfUnneeded(task);
        }

        _measuresRequestDelay = _tasks.Count > TaskStateQuery.MaximumIds;
        PutBack(batch, now);
        return ended;
    }

    /// <summary>Puts the tasks of a request back that failed, after which the next one is late for other reasons than usual.</summary>
    public void Fail(List<WatchedTask> batch, TimeSpan now)
    {
        _measuresRequestDelay = false;
        PutBack(batch, now);
    }

    /// <summary>Puts the tasks of a request back in order, unless they have left or are next again.</summary>
    private void PutBack(List<WatchedTask> batch, TimeSpan now)
    {
        var round = TimeSpan.FromTicks((pollingInterval + _requestDelay).Ticks * _tasks.Count / TaskStateQuery.MaximumIds);
        foreach (var task in batch.Where(task => IsWatched(task) && !_next.Contains(task)))
        {
            _order.Remove(task);
            Insert(_order, task, now + task.Interval(now, pollingInterval, round));
        }
    }

    /// <summary>
    /// Puts the tasks of a request back in two halves, because the service rejected it for its content. One task may be the reason: the
    /// contract does not say whether an ID that has expired fails the whole request. The halves are asked for, and divided again, until
    /// such a task is alone.
    /// </summary>
    /// <returns><see langword="false"/> if the request was for one task, or for one check, which fails either way.</returns>
    public bool TryDivide(List<WatchedTask> batch)
    {
        if (batch.Count == 1 || batch.SelectMany(task => task.Subscriptions).Distinct().ToList() is [{ IsCheck: true }])
        {
            return false;
        }

        var half = (batch.Count + 1) / 2;
        _rejected.Enqueue(batch.GetRange(0, half));
        _rejected.Enqueue(batch.GetRange(half, batch.Count - half));
        return true;
    }

    /// <summary>Asks for a task alone, so that the others are not rejected along with it.</summary>
    public void SetApart(WatchedTask task)
    {
        if (_order.Remove(task) || _next.Remove(task))
        {
            _rejected.Enqueue([task]);
        }
    }

    /// <summary>Wakes the callers who want to know that a check has failed.</summary>
    public void WakeUpCallers()
    {
        foreach (var subscription in _tasks.Values.SelectMany(task => task.Subscriptions))
        {
            subscription.WakeUp();
        }
    }

    /// <summary>Counts a failure of a request, and ends the checks that were part of more failures than they may be.</summary>
    public void FailChecks(List<WatchedTask> batch, Exception exception, int maxRetries)
    {
        var subscriptions = _tasks.Values.SelectMany(task => task.Subscriptions).Where(subscription => subscription.IsCheck);
        foreach (var check in subscriptions.Distinct().ToList())
        {
            // A check that came while the request was in flight was not part of it.
            if ((batch.Count == 0 || check.RequestsBefore < _requests) && ++check.Failures > maxRetries)
            {
                check.Fail(exception);
                Leave(check);
            }
        }
    }

    /// <summary>Ends the waits and checks for tasks with an exception, and returns for how many.</summary>
    public int End(IEnumerable<WatchedTask> tasks, Exception exception)
    {
        var ended = tasks.Where(IsWatched).ToList();
        foreach (var task in ended)
        {
            Remove(task);
            foreach (var subscription in task.Subscriptions)
            {
                subscription.Fail(task.Id, exception);
            }
        }

        return ended.Count;
    }

    /// <summary>Ends all waits and checks with an exception.</summary>
    public void EndAll(Exception exception) => End(_tasks.Values, exception);

    private bool IsWatched(WatchedTask task) => _tasks.TryGetValue(task.Id, out var watched) && watched == task;

    private void Insert(SortedSet<WatchedTask> tasks, WatchedTask task, TimeSpan due)
    {
        (task.Due, task.Place) = (due, _place++);
        tasks.Add(task);
    }

    private void RemoveIfUnneeded(WatchedTask task)
    {
        if (task.Subscriptions.Count > 0 || !IsWatched(task))
        {
            return;
        }

        Remove(task);
        if (task.Latest is not null)
        {
            _recent[task.Id] = task;
            _recentOrder.Enqueue(task);
            if (_recentOrder.Count > MaxRecentTasks && _recentOrder.Dequeue() is var oldest && _recent[oldest.Id] == oldest)
            {
                _recent.Remove(oldest.Id);
            }
        }
    }

    private void Remove(WatchedTask task)
    {
        _tasks.Remove(task.Id);
        _next.Remove(task);
        _order.Remove(task);
        if (_tasks.Count == 0)
        {
            _rejected.Clear();
        }
    }
}

using LalalAi.Telemetry;

namespace LalalAi.Polling;

/// <summary>The tasks that are waited for, and which of them are to be checked when. Not thread-safe: the loop guards it.</summary>
internal sealed class WatchList
{
    private readonly Dictionary<TaskId, WatchedTask> _tasks = [];

    public int Count => _tasks.Count;

    /// <summary>When the first task is to be checked; there must be one.</summary>
    public TimeSpan NextDue => _tasks.Values.Min(task => task.Due);

    public void Join(TaskId id, Inbox inbox, TimeSpan now)
    {
        if (!_tasks.TryGetValue(id, out var task))
        {
            task = new WatchedTask(id, now);
            _tasks.Add(id, task);
            LalalAiTelemetry.RecordWatchedTasks(1);
        }

        task.Join(inbox);
    }

    public void Leave(TaskId id, Inbox inbox)
    {
        if (_tasks.TryGetValue(id, out var task))
        {
            task.Leave(inbox);
            if (!task.HasWaits)
            {
                Remove(task);
            }
        }
    }

    /// <summary>
    /// Returns up to <paramref name="count"/> tasks, those that have been due for longest first, and sets when each is due again. Tasks that are not due yet fill a
    /// request up: it costs the same with one id as with 200.
    /// </summary>
    public IReadOnlyList<WatchedTask> TakeMostOverdue(int count, TimeSpan now, TimeSpan pollingInterval)
    {
        IEnumerable<WatchedTask> all = _tasks.Values;
        List<WatchedTask> taken = [.. _tasks.Count > count ? all.OrderBy(task => task.Due).Take(count) : all];
        foreach (var task in taken)
        {
            task.Due = now + CheckPace.After(now - task.Since, pollingInterval);
        }

        return taken;
    }

    /// <summary>Takes a task out, unless it went already and another wait for it has begun since.</summary>
    public bool Remove(WatchedTask task)
    {
        if (!_tasks.TryGetValue(task.Id, out var present) || present != task)
        {
            return false;
        }

        _tasks.Remove(task.Id);
        LalalAiTelemetry.RecordWatchedTasks(-1);
        return true;
    }

    public IReadOnlyList<WatchedTask> RemoveAll()
    {
        List<WatchedTask> all = [.. _tasks.Values];
        _tasks.Clear();
        LalalAiTelemetry.RecordWatchedTasks(-all.Count);
        return all;
    }
}

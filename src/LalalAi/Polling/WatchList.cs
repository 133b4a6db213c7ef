using LalalAi.Telemetry;

namespace LalalAi.Polling;

/// <summary>The tasks that are waited for, and which of them are to be checked when. Not thread-safe: the loop guards it.</summary>
internal sealed class WatchList
{
    private readonly Dictionary<TaskId, WatchedTask> _tasks = [];

    public int Count => _tasks.Count;

    /// <summary>When the first task is to be checked that can be asked for along with others; never, when there is none.</summary>
    public TimeSpan NextDue => Trusted.Select(task => task.Due).DefaultIfEmpty(TimeSpan.MaxValue).Min();

    private IEnumerable<WatchedTask> Trusted => _tasks.Values.Where(task => !task.IsSuspect);

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
    /// Returns up to <paramref name="count"/> tasks, those that have been due for longest first. Tasks that are not due yet fill a request up: it costs the same with one id as with
    /// 200.
    /// </summary>
    public IReadOnlyList<WatchedTask> MostOverdue(int count) => [.. _tasks.Count > count ? Trusted.OrderBy(task => task.Due).Take(count) : Trusted];

    /// <summary>Takes a task out, unless it went already and another wait for it has begun since.</summary>
    public bool Remove(WatchedTask task)
    {
        if (!Contains(task))
        {
            return false;
        }

        _tasks.Remove(task.Id);
        LalalAiTelemetry.RecordWatchedTasks(-1);
        return true;
    }

    /// <summary>Whether somebody waits for a task, and has since before it was taken out and in again.</summary>
    public bool Contains(WatchedTask task) => _tasks.TryGetValue(task.Id, out var present) && present == task;

    public IReadOnlyList<WatchedTask> RemoveAll()
    {
        List<WatchedTask> all = [.. _tasks.Values];
        _tasks.Clear();
        LalalAiTelemetry.RecordWatchedTasks(-all.Count);
        return all;
    }
}

using System.Runtime.ExceptionServices;

namespace LalalAi.Polling;

/// <summary>A task that somebody waits for, and everybody who does. Not thread-safe: the loop guards it.</summary>
internal sealed class WatchedTask(TaskId id, TimeSpan since)
{
    // The service looks up each id by itself, and may fail to for a moment; that must not cost a wait.
    private const int SecondChances = 3;

    private readonly List<Inbox> _inboxes = new(1);
    private TaskState? _latest;
    private int _failedLookups;

    public TaskId Id { get; } = id;

    /// <summary>When the wait began, by the loop's clock.</summary>
    public TimeSpan Since { get; } = since;

    /// <summary>When the task is to be checked next, by the loop's clock.</summary>
    public TimeSpan Due { get; set; } = since;

    /// <summary>Whether a request that held it was refused as a whole, so that it is not asked for along with others.</summary>
    public bool IsSuspect { get; set; }

    public bool HasWaits => _inboxes.Count > 0;

    public void Join(Inbox inbox)
    {
        _inboxes.Add(inbox);
        if (_latest is not null)
        {
            inbox.Post(_latest);
        }
    }

    public void Leave(Inbox inbox) => _inboxes.Remove(inbox);

    /// <summary>Passes on what a check said, or <see langword="null"/> when it said nothing, and returns the state that ends the waits, if it does.</summary>
    public TaskState? Tell(TaskState? state)
    {
        if (state is null or TaskLookupFailed)
        {
            if (_failedLookups++ < SecondChances)
            {
                return null;
            }

            state ??= TaskStateQuery.Missing(Id);
        }
        else
        {
            _failedLookups = 0;
        }

        _latest = state;
        foreach (var inbox in _inboxes)
        {
            inbox.Post(state);
        }

        return state.IsFinal ? state : null;
    }

    public void Fail(ExceptionDispatchInfo failure)
    {
        foreach (var inbox in _inboxes)
        {
            inbox.Fail(failure);
        }
    }
}

using System.Threading.Channels;

namespace LalalAi.Polling;

/// <summary>What a caller wants to know about its tasks.</summary>
internal enum SubscriptionKind
{
    /// <summary>The next response for each task, final or not.</summary>
    NextResponse,

    /// <summary>The states of one task. A slow reader misses states, but never the final one.</summary>
    EachState,

    /// <summary>The final state of one task.</summary>
    FinalState,

    /// <summary>The final state of each task. A task that the service rejects does not end the wait for the others.</summary>
    EachFinalState,
}

/// <summary>
/// The connection between the loop and one caller. The loop writes states without ever running the caller's code; the caller reads them at
/// its own speed. It ends once: with what comes first of the last state, a failed check, the caller's timeout, cancellation, and the
/// disposal of the client.
/// </summary>
internal sealed class TaskSubscription(IReadOnlyList<TaskId> taskIds, SubscriptionKind kind)
{
    private readonly Channel<TaskState?> _states = kind == SubscriptionKind.EachState
        ? Channel.CreateBounded<TaskState?>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest })
        : Channel.CreateUnbounded<TaskState?>(new UnboundedChannelOptions { SingleReader = true });

    private int _left = taskIds.Count;

    public IReadOnlyList<TaskId> TaskIds => taskIds;

    /// <summary>The states to read; <see langword="null"/> if there is none, and a check has failed.</summary>
    public ChannelReader<TaskState?> States => _states.Reader;

    /// <summary>Whether the caller wants the next response. Otherwise it waits for final states.</summary>
    public bool IsCheck => kind == SubscriptionKind.NextResponse;

    /// <summary>Whether the caller has just started the task, so that the task exists.</summary>
    public bool IsStarted { get; init; }

    /// <summary>The last state that was posted, read or not.</summary>
    public TaskState? Latest { get; private set; }

    /// <summary>
    /// The requests that had been sent when the caller came. A check is not answered by them: their responses may be older than its
    /// question.
    /// </summary>
    public long RequestsBefore { get; set; }

    /// <summary>The requests that have failed since the caller came.</summary>
    public int Failures { get; set; }

    /// <summary>Passes a state on, and returns whether the caller needs no other one for this task.</summary>
    public bool Post(TaskState state)
    {
        Latest = state;
        if (kind is SubscriptionKind.NextResponse or SubscriptionKind.EachState || state.IsFinal)
        {
            _states.Writer.TryWrite(state);
        }

        var isLast = IsCheck || state.IsFinal;
        if (isLast && --_left == 0)
        {
            _states.Writer.TryComplete();
        }

        return isLast;
    }

    /// <summary>Wakes a caller who wants to know of failed checks. One who has a state to read is awake.</summary>
    public void WakeUp()
    {
        if (kind == SubscriptionKind.EachState && !_states.Reader.TryPeek(out _))
        {
            _states.Writer.TryWrite(null);
        }
    }

    /// <summary>Ends the subscription, or only its wait for the task if the service rejected that one of several.</summary>
    public void Fail(TaskId taskId, Exception exception)
    {
        if (kind == SubscriptionKind.EachFinalState && exception is LalalAiApiException { StatusCode: not (401 or 403) })
        {
            Post(new TaskLookupFailed { TaskId = taskId, Message = exception.Message });
        }
        else
        {
            Fail(exception);
        }
    }

    /// <summary>
    /// Ends the subscription with an exception, which the reader gets after what is left to read. One failure can end many subscriptions:
    /// each gets its own exception.
    /// </summary>
    public void Fail(Exception exception) =>
        _states.Writer.TryComplete(exception is LalalAiException shared ? shared.Copy() : exception);
}

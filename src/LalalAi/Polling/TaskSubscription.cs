using System.Threading.Channels;

namespace LalalAi.Polling;

/// <summary>
/// The connection between the loop and one caller. The loop writes states without ever running the caller's code; the caller reads them at
/// its own speed. It ends once: with what comes first of the last state, a failed check, the caller's timeout, cancellation, and the
/// disposal of the client.
/// </summary>
internal sealed class TaskSubscription
{
    private readonly Channel<TaskState> _states;
    private readonly Kind _kind;

    private TaskSubscription(IReadOnlyList<TaskId> taskIds, Kind kind, Channel<TaskState> states)
    {
        TaskIds = taskIds;
        _kind = kind;
        _states = states;
    }

    private enum Kind
    {
        Answer,
        EachState,
        FinalState,
    }

    public IReadOnlyList<TaskId> TaskIds { get; }

    public ChannelReader<TaskState> States => _states.Reader;

    /// <summary>Whether the caller wants the next answer, whatever it is. Otherwise it waits for final states.</summary>
    public bool IsCheck => _kind == Kind.Answer;

    /// <summary>The last state of the task, read or not.</summary>
    public TaskState? Latest { get; private set; }

    /// <summary>
    /// The requests that had been sent when the caller came. A check is not answered by them: their answers may be older than its question.
    /// </summary>
    public long RequestsBefore { get; set; }

    /// <summary>The requests that had failed when the caller came.</summary>
    public long FailuresBefore { get; set; }

    /// <summary>For one answer per task, by the next request.</summary>
    public static TaskSubscription ToAnswers(IReadOnlyList<TaskId> taskIds) => new(taskIds, Kind.Answer, Unbounded());

    /// <summary>For the states of one task. A slow reader misses states, but never the final one.</summary>
    public static TaskSubscription ToStates(TaskId taskId) => new([taskId], Kind.EachState, LatestOnly());

    /// <summary>For the final state of one task.</summary>
    public static TaskSubscription ToFinalState(TaskId taskId) => new([taskId], Kind.FinalState, LatestOnly());

    /// <summary>For the final states of many tasks.</summary>
    public static TaskSubscription ToFinalStates(IReadOnlyList<TaskId> taskIds) => new(taskIds, Kind.FinalState, Unbounded());

    public void Post(TaskState state)
    {
        Latest = state;
        if (_kind != Kind.FinalState || state.IsFinal)
        {
            _states.Writer.TryWrite(state);
        }
    }

    /// <summary>Ends the subscription with an exception, which the reader gets after what is left to read.</summary>
    public void Fail(Exception exception) => _states.Writer.TryComplete(exception);

    private static Channel<TaskState> LatestOnly() =>
        Channel.CreateBounded<TaskState>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private static Channel<TaskState> Unbounded() =>
        Channel.CreateUnbounded<TaskState>(new UnboundedChannelOptions { SingleReader = true });
}

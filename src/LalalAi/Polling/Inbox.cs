using System.Runtime.ExceptionServices;

namespace LalalAi.Polling;

/// <summary>
/// Where the loop leaves states for one wait. Leaving one costs the loop next to nothing and runs nobody's code; the wait reads them in its own flow, at its own speed.
/// </summary>
/// <remarks>
/// A wait ends once, by whatever came first: a state, a failure, its time-out or its caller. What came second is not heard, so that the four cannot be confused when they come
/// at the same moment.
/// </remarks>
internal abstract class Inbox
{
    private readonly object _gate = new();
    private TaskCompletionSource<bool>? _signal;
    private ExceptionDispatchInfo? _failure;

    /// <summary>What ended the wait, once nothing is left to read.</summary>
    public InboxEnd End { get; private set; }

    public void Post(TaskState state)
    {
        lock (_gate)
        {
            if (End == InboxEnd.None && Store(state))
            {
                Signal();
            }
        }
    }

    public void TimeOut() => Close(InboxEnd.TimedOut, null);

    public void Cancel() => Close(InboxEnd.Cancelled, null);

    public void Fail(ExceptionDispatchInfo failure) => Close(InboxEnd.Failed, failure);

    /// <summary>Returns the next state, or <see langword="null"/> when there is none and <see cref="End"/> says why.</summary>
    public async ValueTask<TaskState?> ReadAsync()
    {
        while (true)
        {
            Task signal;
            lock (_gate)
            {
                if (TryTake() is { } state)
                {
                    return state;
                }

                if (End != InboxEnd.None)
                {
                    return null;
                }

                _signal ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                signal = _signal.Task;
            }

            await signal.ConfigureAwait(false);
        }
    }

    /// <summary>Throws what <see cref="End"/> stands for, when it is not a time-out.</summary>
    public void ThrowEnd(CancellationToken cancellationToken)
    {
        if (End == InboxEnd.Cancelled)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        _failure?.Throw();
    }

    /// <summary>Keeps a state, and returns whether there is something to read.</summary>
    protected abstract bool Store(TaskState state);

    /// <summary>Takes out what is to be read next.</summary>
    protected abstract TaskState? TryTake();

    private void Close(InboxEnd end, ExceptionDispatchInfo? failure)
    {
        lock (_gate)
        {
            if (End == InboxEnd.None)
            {
                End = end;
                _failure = failure;
                Signal();
            }
        }
    }

    private void Signal()
    {
        _signal?.TrySetResult(true);
        _signal = null;
    }
}

/// <summary>How a wait can end without a final state.</summary>
internal enum InboxEnd
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>A check failed in a way that does not pass, or the client was disposed.</summary>
    Failed,

    /// <summary>The wait's own time-out passed.</summary>
    TimedOut,

    /// <summary>The caller's token was cancelled.</summary>
    Cancelled,
}

/// <summary>Holds one state, the latest: a slow reader misses some, but never the last.</summary>
internal sealed class LatestStateInbox(bool finalOnly) : Inbox
{
    private bool _isRead = true;

    /// <summary>The latest state, read or not.</summary>
    public TaskState? Latest { get; private set; }

    protected override bool Store(TaskState state)
    {
        Latest = state;
        _isRead = finalOnly && !state.IsFinal;
        return !_isRead;
    }

    protected override TaskState? TryTake()
    {
        if (_isRead)
        {
            return null;
        }

        _isRead = true;
        return Latest;
    }
}

/// <summary>Holds the final states of many tasks in the order in which they came.</summary>
internal sealed class FinalStatesInbox : Inbox
{
    private readonly Queue<TaskState> _states = new();

    protected override bool Store(TaskState state)
    {
        if (state.IsFinal)
        {
            _states.Enqueue(state);
        }

        return state.IsFinal;
    }

    protected override TaskState? TryTake() => _states.Count > 0 ? _states.Dequeue() : null;
}

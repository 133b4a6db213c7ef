using System.Runtime.CompilerServices;
using LalalAi.Http;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;

namespace LalalAi.Polling;

/// <summary>The ways to ask for tasks and to wait for them. All of them share one loop, and with it its requests.</summary>
internal sealed class TaskPoller(ApiCaller api, LalalAiClientOptions options, ILogger logger) : IAsyncDisposable, IDisposable
{
    private readonly CheckLoop _loop = new(api, options, logger);

    public Task<IReadOnlyDictionary<TaskId, TaskState>> CheckAsync(
        IEnumerable<TaskId> taskIds, CheckOptions? checkOptions, CancellationToken cancellationToken)
    {
        var ids = TaskStateQuery.Validate(taskIds, nameof(taskIds));
        var maxAge = checkOptions?.MaxAge ?? TimeSpan.Zero;
        if (maxAge < TimeSpan.Zero && maxAge != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                nameof(checkOptions),
                maxAge,
                $"{nameof(CheckOptions.MaxAge)} is negative. Use Timeout.InfiniteTimeSpan to accept any age.");
        }

        return CheckCoreAsync(ids, maxAge, cancellationToken);
    }

    /// <summary>Answers a raw check from the requests that all callers share.</summary>
    public async Task<CheckResponse> CheckAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        var ids = request.TaskIds.Select(id => new TaskId(id));
        var states = await CheckAsync(ids, checkOptions: null, cancellationToken).ConfigureAwait(false);
        var found = states.Values.Where(state => state.Raw.Type != JTokenType.Null);
        return new CheckResponse { Result = found.ToDictionary(state => state.TaskId.Value, state => state.Raw) };
    }

    public Task<TaskSucceeded> WaitAsync(
        TaskId taskId, IProgress<TaskState>? progress, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TaskStateQuery.Validate(taskId, nameof(taskId));
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                nameof(timeout), timeout, "The timeout is negative. Omit it, or use Timeout.InfiniteTimeSpan, to wait without a limit.");
        }

        return WaitCoreAsync(taskId, progress, timeout == Timeout.InfiniteTimeSpan ? null : timeout, cancellationToken);
    }

    public IAsyncEnumerable<TaskState> WatchAsync(TaskId taskId, CancellationToken cancellationToken)
    {
        TaskStateQuery.Validate(taskId, nameof(taskId));
        return WatchCoreAsync(taskId, cancellationToken);
    }

    public IAsyncEnumerable<TaskState> WhenEachAsync(IEnumerable<TaskId> taskIds, CancellationToken cancellationToken) =>
        WhenEachCoreAsync(TaskStateQuery.Validate(taskIds, nameof(taskIds)), cancellationToken);

    /// <summary>Ends every wait and check, and returns when the loop has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _loop.Running.ConfigureAwait(false);
    }

    /// <summary>Ends every wait and check, without waiting for the loop.</summary>
    public void Dispose() => _loop.Dispose();

    private async Task<IReadOnlyDictionary<TaskId, TaskState>> CheckCoreAsync(
        List<TaskId> ids, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var states = new Dictionary<TaskId, TaskState>(ids.Count);
        if (maxAge != TimeSpan.Zero)
        {
            foreach (var id in ids)
            {
                if (_loop.Find(id, maxAge) is { } known)
                {
                    states.Add(id, known);
                }
            }
        }

        if (states.Count < ids.Count)
        {
            List<TaskId> unknown = [.. ids.Where(id => !states.ContainsKey(id))];
            await foreach (var state in ReadAllAsync(TaskSubscription.ToAnswers(unknown), cancellationToken).ConfigureAwait(false))
            {
                states.Add(state.TaskId, state);
                if (states.Count == ids.Count)
                {
                    break;
                }
            }
        }

        return states;
    }

    private async Task<TaskSucceeded> WaitCoreAsync(
        TaskId taskId, IProgress<TaskState>? progress, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (timeout == TimeSpan.Zero)
        {
            throw new LalalAiTaskTimeoutException(taskId, TimeSpan.Zero);
        }

        var subscription = progress is null ? TaskSubscription.ToFinalState(taskId) : TaskSubscription.ToStates(taskId);
        using var timer = timeout is { } limit ? TimerDelay.Start(options.TimeProvider, limit, TimeOut) : null;
        await foreach (var state in ReadAllAsync(subscription, cancellationToken).ConfigureAwait(false))
        {
            progress?.Report(state);
            if (state.IsFinal)
            {
                return state as TaskSucceeded ?? throw new LalalAiTaskException(state);
            }
        }

        throw new InvalidOperationException("The loop ended without a final state.");

        void TimeOut() => subscription.Fail(new LalalAiTaskTimeoutException(taskId, timeout!.Value, subscription.Latest, _loop.Outage));
    }

    private async IAsyncEnumerable<TaskState> WatchCoreAsync(TaskId taskId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TaskState? last = null;
        await foreach (var state in ReadAllAsync(TaskSubscription.ToStates(taskId), cancellationToken).ConfigureAwait(false))
        {
            if (!state.Equals(last))
            {
                yield return last = state;
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (state.IsFinal)
            {
                yield break;
            }
        }
    }

    private async IAsyncEnumerable<TaskState> WhenEachCoreAsync(
        List<TaskId> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var left = ids.Count;
        if (left == 0)
        {
            yield break;
        }

        await foreach (var state in ReadAllAsync(TaskSubscription.ToFinalStates(ids), cancellationToken).ConfigureAwait(false))
        {
            yield return state;
            if (--left == 0)
            {
                yield break;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Yields the states that the loop posts, until the subscription fails.</summary>
    private async IAsyncEnumerable<TaskState> ReadAllAsync(
        TaskSubscription subscription, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var registration = cancellationToken.Register(() => subscription.Fail(new OperationCanceledException(cancellationToken)));
        try
        {
            _loop.Join(subscription);
            while (await subscription.States.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                while (subscription.States.TryRead(out var state))
                {
                    yield return state;
                }
            }
        }
        finally
        {
            _loop.Leave(subscription);
        }
    }
}

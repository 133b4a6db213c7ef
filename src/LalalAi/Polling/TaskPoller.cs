using System.Runtime.CompilerServices;
using LalalAi.Http;
using LalalAi.Models;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;

namespace LalalAi.Polling;

/// <summary>The ways to ask for tasks and to wait for them. All of them share one loop, and with it its requests.</summary>
internal sealed class TaskPoller(ApiCaller api, LalalAiClientOptions clientOptions, ILogger logger) : IAsyncDisposable, IDisposable
{
    private readonly CheckLoop _loop = new(api, clientOptions, logger);

    public async Task<IReadOnlyDictionary<TaskId, TaskState>> CheckAsync(
        IEnumerable<TaskId> taskIds, CheckOptions? options, CancellationToken cancellationToken)
    {
        var ids = Validate(taskIds);
        var maxAge = options?.MaxAge ?? TimeSpan.Zero;
        if (maxAge < TimeSpan.Zero && maxAge != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), maxAge, $"{nameof(CheckOptions.MaxAge)} is negative. Use Timeout.InfiniteTimeSpan to accept any age.");
        }

        var states = _loop.Find(ids, maxAge);
        List<TaskId> missing = [.. ids.Where(id => !states.ContainsKey(id))];
        var subscription = new TaskSubscription(missing, SubscriptionKind.NextResponse);
        await foreach (var state in ReadAllAsync(subscription, cancellationToken).ConfigureAwait(false))
        {
            states.Add(state.TaskId, state);
        }

        return states;
    }

    /// <summary>Answers a raw check from the requests that all callers share.</summary>
    public async Task<CheckResponse> CheckAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        var ids = request.TaskIds.Select(id => new TaskId(id));
        var states = await CheckAsync(ids, options: null, cancellationToken).ConfigureAwait(false);
        var found = states.Values.Where(state => state.Raw.Type != JTokenType.Null);
        return new CheckResponse { Result = found.ToDictionary(state => state.TaskId.Value, state => state.Raw) };
    }

    public async Task<TaskSucceeded> WaitAsync(
        TaskId taskId, IProgress<TaskState>? progress, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        Validate(taskId, nameof(taskId));
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                nameof(timeout), timeout, "The timeout is negative. Omit it, or use Timeout.InfiniteTimeSpan, to wait without a limit.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (timeout == TimeSpan.Zero)
        {
            throw new LalalAiTaskTimeoutException(taskId, TimeSpan.Zero);
        }

        var subscription = new TaskSubscription(
            [taskId], progress is null ? SubscriptionKind.FinalState : SubscriptionKind.EachState)
        {
            IsStarted = progress is IWaitProgress { IsStarted: true },
        };
        var limit = LalalAiClientOptions.Timer(timeout ?? Timeout.InfiniteTimeSpan);
        using var timer = limit == Timeout.InfiniteTimeSpan
            ? null
            : clientOptions.TimeProvider.CreateTimer(_ => TimeOut(), null, limit, Timeout.InfiniteTimeSpan);
        TaskState? last = null;
        await foreach (var state in ReadAllAsync(subscription, cancellationToken, progress as IWaitProgress).ConfigureAwait(false))
        {
            last = state;
            progress?.Report(state);
        }

        return last as TaskSucceeded ?? throw new LalalAiTaskException(last!);

        void TimeOut() => subscription.Fail(new LalalAiTaskTimeoutException(taskId, limit, subscription.Latest, _loop.Outage));
    }

    public IAsyncEnumerable<TaskState> WatchAsync(TaskId taskId, CancellationToken cancellationToken)
    {
        Validate(taskId, nameof(taskId));
        return WatchCoreAsync(taskId, cancellationToken);
    }

    public IAsyncEnumerable<TaskState> WhenEachAsync(IEnumerable<TaskId> taskIds, CancellationToken cancellationToken) =>
        WhenEachCoreAsync(Validate(taskIds), cancellationToken);

    /// <summary>Ends every wait and check, and returns when the loop has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _loop.Running.ConfigureAwait(false);
    }

    /// <summary>Ends every wait and check, without waiting for the loop.</summary>
    public void Dispose() => _loop.Dispose();

    /// <summary>Throws if an ID is not valid, before a request fails for all IDs in it.</summary>
    private static void Validate(TaskId taskId, string parameter)
    {
        if (!taskId.IsWellFormed)
        {
            throw new ArgumentException($"{Uuid.NotValid(taskId.Value, "task")} Use the ID that the start returned.", parameter);
        }
    }

    /// <summary>Returns valid IDs in order, without duplicates.</summary>
    private static List<TaskId> Validate(IEnumerable<TaskId> taskIds)
    {
        var ids = (taskIds ?? throw new ArgumentNullException(nameof(taskIds))).Distinct().ToList();
        ids.ForEach(id => Validate(id, nameof(taskIds)));
        return ids;
    }

    private async IAsyncEnumerable<TaskState> WatchCoreAsync(TaskId taskId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TaskState? last = null;
        var subscription = new TaskSubscription([taskId], SubscriptionKind.EachState);
        await foreach (var state in ReadAllAsync(subscription, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!state.Equals(last))
            {
                yield return last = state;
            }
        }
    }

    private async IAsyncEnumerable<TaskState> WhenEachCoreAsync(
        List<TaskId> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subscription = new TaskSubscription(ids, SubscriptionKind.EachFinalState);
        await foreach (var state in ReadAllAsync(subscription, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return state;
        }
    }

    /// <summary>Yields the states that the loop posts, until the subscription ends.</summary>
    private async IAsyncEnumerable<TaskState> ReadAllAsync(
        TaskSubscription subscription,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        IWaitProgress? progress = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (subscription.TaskIds.Count == 0)
        {
            yield break;
        }

        using var registration = cancellationToken.Register(() => subscription.Fail(new OperationCanceledException(cancellationToken)));
        try
        {
            _loop.Join(subscription);
            while (await subscription.States.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                while (subscription.States.TryRead(out var state))
                {
                    if (state is not null)
                    {
                        yield return state;
                    }

                    if (state is not { IsFinal: true } && _loop.Outage is { } cause)
                    {
                        progress?.ReportOutage(cause);
                    }
                }
            }
        }
        finally
        {
            _loop.Leave(subscription);
        }
    }
}

using System.Runtime.CompilerServices;
using LalalAi.Http;
using Microsoft.Extensions.Logging;

namespace LalalAi.Polling;

/// <summary>The ways to ask for tasks and to wait for them. All waits share one loop and, with the single checks, its permits and its patience.</summary>
internal sealed class TaskPoller : IAsyncDisposable, IDisposable
{
    /// <summary>Longer than a task can be checked for, and as long as timers can run: whoever asks for more means no end at all.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(24);

    private readonly ApiCaller _api;
    private readonly LalalAiClientOptions _options;
    private readonly CheckPermits _permits;
    private readonly CheckBackoff _backoff;
    private readonly CancellationTokenSource _disposal = new();

    public TaskPoller(ApiCaller api, LalalAiClientOptions options, ILogger logger)
    {
        _api = api;
        _options = options;
        _permits = new CheckPermits(options);
        _backoff = new CheckBackoff(options.TimeProvider);
        Loop = new CheckLoop(api, _permits, _backoff, options, logger);
    }

    /// <summary>The loop behind the waits; for tests that move the clock.</summary>
    public CheckLoop Loop { get; }

    public Task<IReadOnlyDictionary<TaskId, TaskState>> CheckAsync(IEnumerable<TaskId> tasks, CancellationToken cancellationToken) =>
        CheckCoreAsync(TaskStateQuery.Validate(tasks, nameof(tasks)), cancellationToken);

    public Task<TaskSucceeded> WaitAsync(TaskId task, IProgress<TaskState>? progress, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TaskStateQuery.Validate(task, nameof(task));
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "The time-out is negative. Leave it out, or write Timeout.InfiniteTimeSpan, to wait without one.");
        }

        return WaitCoreAsync(task, progress, timeout == Timeout.InfiniteTimeSpan || timeout > LongestTimeout ? null : timeout, cancellationToken);
    }

    public IAsyncEnumerable<TaskState> WatchAsync(TaskId task, CancellationToken cancellationToken)
    {
        TaskStateQuery.Validate(task, nameof(task));
        return WatchCoreAsync(task, cancellationToken);
    }

    public IAsyncEnumerable<TaskState> WhenEachAsync(IEnumerable<TaskId> tasks, CancellationToken cancellationToken) =>
        WhenEachCoreAsync(TaskStateQuery.Validate(tasks, nameof(tasks)), cancellationToken);

    /// <summary>Ends every wait and check, and returns when the loop has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await Loop.Running.ConfigureAwait(false);
    }

    /// <summary>Ends every wait and check, without waiting for the loop.</summary>
    public void Dispose()
    {
        Loop.Dispose();
        // Not disposed: checks that are still ending look at its token, and it holds nothing.
        _disposal.Cancel();
        _permits.Dispose();
    }

    private async Task<IReadOnlyDictionary<TaskId, TaskState>> CheckCoreAsync(List<TaskId> tasks, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_disposal.Token, cancellationToken);
        var states = new Dictionary<TaskId, TaskState>(tasks.Count);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            for (var start = 0; start < tasks.Count; start += TaskStateQuery.MaximumIds)
            {
                var ids = tasks.GetRange(start, Math.Min(TaskStateQuery.MaximumIds, tasks.Count - start));
                var answer = await CheckPartAsync(ids, either.Token).ConfigureAwait(false);
                for (var index = 0; index < ids.Count; index++)
                {
                    states.Add(ids[index], answer[index] ?? TaskStateQuery.Missing(ids[index]));
                }
            }
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (Exception) when (_disposal.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(LalalAiClient));
        }

        return states;
    }

    // Each attempt needs a permit of its own, and the time that it waits for one is not the service's fault: only the request itself is timed.
    private Task<IReadOnlyList<TaskState?>> CheckPartAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken) => _api.CallAsync(
        "Check",
        Timeout.InfiniteTimeSpan,
        _ => true,
        async (_, attempt) =>
        {
            await _backoff.WaitAsync(attempt).ConfigureAwait(false);
            using var lease = await _permits.AcquireAsync(attempt).ConfigureAwait(false);
            try
            {
                var states = await _api.AttemptAsync("Check", _options.RequestTimeout, (raw, timed) => TaskStateQuery.SendAsync(raw, ids, timed), attempt).ConfigureAwait(false);
                _backoff.Reset();
                return states;
            }
            catch (LalalAiRateLimitException exception)
            {
                _backoff.Note(exception);
                throw;
            }
        },
        cancellationToken);

    private async Task<TaskSucceeded> WaitCoreAsync(TaskId task, IProgress<TaskState>? progress, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (timeout == TimeSpan.Zero)
        {
            throw new LalalAiTaskTimeoutException(task, TimeSpan.Zero, null);
        }

        var inbox = new LatestStateInbox(finalOnly: progress is null);
        TaskId[] tasks = [task];
        using var timer = timeout is { } limit
            ? _options.TimeProvider.CreateTimer(static inbox => ((Inbox)inbox!).TimeOut(), inbox, WholeMilliseconds.AtLeast(limit), Timeout.InfiniteTimeSpan)
            : null;
        using var registration = cancellationToken.Register(static inbox => ((Inbox)inbox!).Cancel(), inbox);
        Loop.Subscribe(tasks, inbox);
        try
        {
            while (await inbox.ReadAsync().ConfigureAwait(false) is { } state)
            {
                progress?.Report(state);
                if (state.IsFinal)
                {
                    return state as TaskSucceeded ?? throw new LalalAiTaskException(state);
                }
            }
        }
        finally
        {
            Loop.Unsubscribe(tasks, inbox);
        }

        inbox.ThrowEnd(cancellationToken);
        throw new LalalAiTaskTimeoutException(task, timeout!.Value, inbox.Latest);
    }

    private async IAsyncEnumerable<TaskState> WatchCoreAsync(TaskId task, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var inbox = new LatestStateInbox(finalOnly: false);
        TaskState? last = null;
        await foreach (var state in ReadAllAsync([task], inbox, cancellationToken).ConfigureAwait(false))
        {
            if (!IsSame(state, last))
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

    private async IAsyncEnumerable<TaskState> WhenEachCoreAsync(List<TaskId> tasks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (tasks.Count == 0)
        {
            yield break;
        }

        var left = tasks.Count;
        await foreach (var state in ReadAllAsync(tasks, new FinalStatesInbox(), cancellationToken).ConfigureAwait(false))
        {
            yield return state;
            if (--left == 0)
            {
                yield break;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async IAsyncEnumerable<TaskState> ReadAllAsync(IReadOnlyList<TaskId> tasks, Inbox inbox, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var registration = cancellationToken.Register(static inbox => ((Inbox)inbox!).Cancel(), inbox);
        Loop.Subscribe(tasks, inbox);
        try
        {
            while (await inbox.ReadAsync().ConfigureAwait(false) is { } state)
            {
                yield return state;
            }
        }
        finally
        {
            Loop.Unsubscribe(tasks, inbox);
        }

        inbox.ThrowEnd(cancellationToken);
    }

    private static bool IsSame(TaskState state, TaskState? last) =>
        state is TaskInProgress progress && last is TaskInProgress before && progress.Percent == before.Percent;
}

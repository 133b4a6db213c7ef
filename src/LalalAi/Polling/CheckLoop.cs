using System.Threading.Channels;
using System.Threading.RateLimiting;
using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Polling;

/// <summary>
/// The one loop of a client that sends check requests, one at a time, each for up to 200 tasks. Without callers it is idle: it has neither
/// a request in flight nor a timer set.
/// </summary>
/// <remarks>
/// Only what is proven to be about a task or the license key ends waits: a final state, and a rejection by the service itself. Any other
/// failure pauses the loop, also one of the caller's own handlers, limiter or transport: the tasks were paid for.
/// </remarks>
internal sealed class CheckLoop : IDisposable
{
    private static readonly TimeSpan YoungWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SlowestPace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LimiterRetry = TimeSpan.FromSeconds(1);

    private readonly ApiCaller _api;
    private readonly LalalAiClientOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly RateLimiter _limiter;
    private readonly ILogger _logger;
    private readonly long _origin;
    private readonly Channel<bool> _wakeUps =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly object _gate = new();
    private readonly WatchList _tasks;
    private readonly CheckBackoff _backoff = new();
    private readonly List<TaskSubscription> _checks = [];
    private CancellationTokenSource? _request;
    private TimeSpan? _sentAt;
    private TimeSpan _lastWaitAt;
    private long _requests;
    private long _failures;
    private bool _isClosed;

    // Only the loop writes these.
    private Exception? _outage;
    private TimeSpan _failingSince;
    private bool _wasIntercepted;

    public CheckLoop(ApiCaller api, LalalAiClientOptions options, ILogger logger)
    {
        _api = api;
        _options = options;
        _timeProvider = options.TimeProvider;
        _limiter = options.CheckRateLimiter ?? CheckBudget.Create(options.TimeProvider);
        _logger = logger;
        _origin = _timeProvider.GetTimestamp();
        _tasks = new WatchList(options.PollingInterval);
    }

    /// <summary>Completes when the loop has ended after its disposal. It does not fail.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Why checks fail at present; <see langword="null"/> while they are answered.</summary>
    public Exception? Outage => Volatile.Read(ref _outage);

    private TimeSpan Now => _timeProvider.GetElapsedTime(_origin);

    /// <summary>Begins to post the states of tasks to a subscription.</summary>
    public void Join(TaskSubscription subscription)
    {
        Change(() =>
        {
            if (_isClosed)
            {
                throw new ObjectDisposedException(nameof(LalalAiClient));
            }

            var now = Now;
            foreach (var id in subscription.TaskIds)
            {
                _tasks.Join(id, subscription, now);
            }

            if (subscription.IsCheck)
            {
                (subscription.RequestsBefore, subscription.FailuresBefore) = (_requests, _failures);
                _checks.Add(subscription);
                _backoff.Skip();
            }
            else
            {
                _lastWaitAt = now;
            }

            if (Running.IsCompleted)
            {
                Running = Start();
            }

            WakeUp();
        });
    }

    /// <summary>Posts nothing more to a subscription, which may have left already.</summary>
    public void Leave(TaskSubscription subscription) => Change(() => Remove(subscription));

    /// <summary>Returns the last answer for a task if it is young enough.</summary>
    public TaskState? Find(TaskId id, TimeSpan maxAge)
    {
        lock (_gate)
        {
            var task = _tasks.Find(id);
            return task is not null && (maxAge == Timeout.InfiniteTimeSpan || Now - task.LatestAt <= maxAge) ? task.Latest : null;
        }
    }

    /// <summary>Ends every wait and check, and accepts no more.</summary>
    public void Dispose()
    {
        Change(() =>
        {
            _isClosed = true;
            _tasks.EndAll(new ObjectDisposedException(nameof(LalalAiClient)));
        });
        _wakeUps.Writer.TryComplete();
    }

    /// <summary>Makes a change. If it removes the last task, a request in flight is canceled, or the timer for the next one.</summary>
    private void Change(Action change)
    {
        int difference;
        CancellationTokenSource? unneeded = null;
        lock (_gate)
        {
            var before = _tasks.Count;
            change();
            difference = _tasks.Count - before;
            if (_tasks.Count == 0 && difference != 0)
            {
                unneeded = _request;
                _backoff.Skip();
                WakeUp();
            }
        }

        // Not under the lock: both run code that is not ours, of HTTP handlers and of listeners.
        unneeded?.Cancel();
        LalalAiTelemetry.RecordWatchedTasks(difference);
    }

    private void Remove(TaskSubscription subscription)
    {
        _checks.Remove(subscription);
        foreach (var id in subscription.TaskIds)
        {
            _tasks.Leave(id, subscription);
        }
    }

    private void WakeUp()
    {
        // After a request, the loop looks for the next one anyway.
        if (_request is null)
        {
            _wakeUps.Writer.TryWrite(true);
        }
    }

    private Task Start()
    {
        // The loop serves all callers: it must not run in the activity, or with other ambient values, of the first one.
        var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        try
        {
            return Task.Run(RunAsync);
        }
        finally
        {
            flow?.Undo();
        }
    }

    private async Task RunAsync()
    {
        using var timer = _timeProvider.CreateTimer(
            _ => _wakeUps.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (await _wakeUps.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _wakeUps.Reader.TryRead(out _);
            while (BeginRequest(timer) is { } request)
            {
                try
                {
                    await RequestAsync(request.Token).ConfigureAwait(false);
                }
                catch (Exception)
                {
                    // A provider of logs or measurements failed, after the answer was processed.
                }
            }
        }
    }

    /// <summary>Begins a request if one is due. Otherwise sets the timer for the next one, if there are tasks.</summary>
    private CancellationTokenSource? BeginRequest(ITimer timer)
    {
        lock (_gate)
        {
            _request = null;
            if (_tasks.Count == 0)
            {
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return null;
            }

            var now = Now;
            var due = _sentAt + Pace(now - _lastWaitAt) ?? TimeSpan.Zero;
            due = due > _backoff.Until ? due : _backoff.Until;
            if (due > now)
            {
                timer.Change(TimerDelay.RoundUp(due - now), Timeout.InfiniteTimeSpan);
                return null;
            }

            // Not disposed: it holds no resources, and is canceled from other threads.
            return _request = new CancellationTokenSource();
        }
    }

    /// <summary>
    /// Returns the time between two requests. For the first 10 minutes of a wait it is the polling interval. After that it grows in
    /// proportion to the wait, to 10 seconds at most, unless every request is needed.
    /// </summary>
    private TimeSpan Pace(TimeSpan waited)
    {
        var interval = _options.PollingInterval;
        if (_tasks.IsBusy || waited <= YoungWait || interval >= SlowestPace)
        {
            return interval;
        }

        var grown = TimeSpan.FromTicks((long)(interval.Ticks * ((double)waited.Ticks / YoungWait.Ticks)));
        return grown < SlowestPace ? grown : SlowestPace;
    }

    private async Task RequestAsync(CancellationToken cancellationToken)
    {
        List<WatchedTask> batch = [];
        try
        {
            using var lease = await AcquireAsync(cancellationToken).ConfigureAwait(false);
            batch = Take();
            if (batch.Count > 0)
            {
                List<TaskId> ids = [.. batch.Select(task => task.Id)];
                var states = await _api.CallOnceAsync(
                    "Check",
                    (raw, attempt) =>
                        TaskStateQuery.SendAsync(raw, _options, ids, attempt).WaitAsync(Timeout.InfiniteTimeSpan, _timeProvider, attempt),
                    cancellationToken).ConfigureAwait(false);
                Accept(batch, states);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // No callers remain.
        }
        catch (LalalAiApiException exception) when (IsFinal(exception, batch))
        {
            Reject(batch, exception);
        }
        catch (LalalAiApiException exception) when (ApiErrors.IsAboutTheContent(exception))
        {
            Divide(batch, exception);
        }
        catch (Exception exception)
        {
            Pause(exception);
        }
        finally
        {
            lock (_gate)
            {
                _tasks.PutBack(batch, Now);
            }
        }
    }

    private async ValueTask<RateLimitLease> AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var lease = await _limiter.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
            if (lease.IsAcquired)
            {
                return lease;
            }

            // A limiter with a full queue, or with none, refuses instead of waiting.
            var retry = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.Zero
                ? RetryAfter.Limit(after)
                : LimiterRetry;
            lease.Dispose();
            await _timeProvider.Delay(TimerDelay.RoundUp(retry), cancellationToken).ConfigureAwait(false);
        }
    }

    private List<WatchedTask> Take()
    {
        lock (_gate)
        {
            var now = Now;
            var batch = _tasks.Take(now);
            if (batch.Count > 0)
            {
                _sentAt = now;
                _requests++;
            }

            return batch;
        }
    }

    private void Accept(List<WatchedTask> batch, IReadOnlyList<TaskState?> states)
    {
        var ended = new List<(TaskState State, TimeSpan Waited)>();
        Change(() =>
        {
            var now = Now;
            for (var index = 0; index < batch.Count; index++)
            {
                if (_tasks.Accept(batch[index], states[index], _requests, _sentAt!.Value, now) is { } final)
                {
                    ended.Add((final, now - batch[index].Since));
                }
            }
        });
        Resume();
        foreach (var (state, waited) in ended)
        {
            Log.WaitEnded(_logger, state.TaskId, state.GetType().Name, waited);
        }
    }

    /// <summary>Whether the service itself rejected the license key, a single task, or the tasks of a single check.</summary>
    private static bool IsFinal(LalalAiApiException exception, List<WatchedTask> batch)
    {
        if (!ApiErrors.IsAboutTheContent(exception))
        {
            return ApiErrors.IsRefusal(exception) && exception.StatusCode is 401 or 403;
        }

        return batch.Count == 1
            || (batch[0].Subscriptions is [{ IsCheck: true } check]
                && batch.All(task => task.Subscriptions.All(subscription => subscription == check)));
    }

    private void Reject(List<WatchedTask> batch, LalalAiApiException exception)
    {
        var ended = 0;
        Change(() => ended = _tasks.End(batch, exception));
        Resume();
        Log.WaitsFailed(_logger, ended, exception.GetType().Name, exception.RequestId);
    }

    private void Divide(List<WatchedTask> batch, LalalAiApiException exception)
    {
        var count = batch.Count;
        Change(() => _tasks.PutBackInHalves(batch));
        batch.Clear();
        Resume();
        Log.CheckRejected(_logger, count, exception.GetType().Name, exception.RequestId);
    }

    /// <summary>Pauses the loop. Single checks fail after as many retries as other calls.</summary>
    private void Pause(Exception exception)
    {
        var delay = TimeSpan.Zero;
        var waiting = 0;
        Change(() =>
        {
            delay = _backoff.Fail(exception, Now);
            waiting = _tasks.Count;
            _failures++;
            foreach (var check in _checks.Where(check => _failures - check.FailuresBefore > _options.MaxRetries).ToList())
            {
                check.Fail(exception);
                Remove(check);
            }
        });

        var error = exception as LalalAiApiException;
        if (Interlocked.Exchange(ref _outage, exception) is null)
        {
            _failingSince = Now;
            LalalAiTelemetry.RecordOutages(1);
            Log.ChecksPaused(_logger, exception.GetType().Name, error?.RequestId, delay, waiting);
        }
        else
        {
            Log.ChecksStillPaused(_logger, exception, delay);
        }

        if (error is { Error.IsFromService: false } && !_wasIntercepted)
        {
            _wasIntercepted = true;
            Log.ChecksIntercepted(_logger, error.StatusCode);
        }

        if (error?.RetryAfter is { } asked && asked != RetryAfter.Limit(asked))
        {
            Log.RetryAfterLimited(_logger, asked, delay);
        }
    }

    private void Resume()
    {
        lock (_gate)
        {
            _backoff.Succeed();
        }

        _wasIntercepted = false;
        if (Interlocked.Exchange(ref _outage, null) is not null)
        {
            LalalAiTelemetry.RecordOutages(-1);
            Log.ChecksResumed(_logger, Now - _failingSince);
        }
    }
}

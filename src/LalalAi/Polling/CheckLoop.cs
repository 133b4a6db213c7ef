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
internal sealed class CheckLoop(ApiCaller api, LalalAiClientOptions options, ILogger logger) : IDisposable
{
    private static readonly TimeSpan YoungWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SlowestPace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LimiterRetry = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _timeProvider = options.TimeProvider;
    private readonly long _origin = options.TimeProvider.GetTimestamp();
    private readonly RateLimiter _limiter = options.CheckRateLimiter ?? CheckBudget.Create(options.TimeProvider);
    private readonly CheckOutage _outage = new(logger);
    private readonly Channel<bool> _wakeUps =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly object _gate = new();
    private readonly WatchList _tasks = new(options.PollingInterval);
    private CancellationTokenSource? _request;
    private TimeSpan _lastWaitAt;
    private bool _isClosed;

    /// <summary>Completes when the loop has ended after its disposal. It does not fail.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Why checks fail at present; <see langword="null"/> while they are answered.</summary>
    public Exception? Outage => _outage.Cause;

    private TimeSpan Now => _timeProvider.GetElapsedTime(_origin);

    /// <summary>Begins to post the states of tasks to a subscription.</summary>
    public void Join(TaskSubscription subscription) => Change(() =>
    {
        if (_isClosed)
        {
            throw new ObjectDisposedException(nameof(LalalAiClient));
        }

        _tasks.Join(subscription, Now);
        if (subscription.IsCheck)
        {
            _outage.EndPause();
        }
        else
        {
            _lastWaitAt = Now;
        }

        if (Running.IsCompleted)
        {
            Running = Start();
        }

        WakeUp();
    });

    /// <summary>Posts nothing more to a subscription, which may have left already.</summary>
    public void Leave(TaskSubscription subscription) => Change(() => _tasks.Leave(subscription));

    /// <summary>Returns the last states that are young enough: none with an age of 0.</summary>
    public Dictionary<TaskId, TaskState> Find(IEnumerable<TaskId> ids, TimeSpan maxAge)
    {
        lock (_gate)
        {
            var known = maxAge == TimeSpan.Zero ? [] : ids.Select(id => _tasks.Find(id, maxAge, Now)).OfType<TaskState>();
            return known.ToDictionary(state => state.TaskId);
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
                _outage.EndPause();
                WakeUp();
            }
        }

        // Not under the lock: both run code that is not ours, of HTTP handlers and of listeners.
        unneeded?.Cancel();
        LalalAiTelemetry.RecordWatchedTasks(difference);
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
                    // A listener to measurements failed, after the response was processed.
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
            var due = _tasks.SentAt + Pace(now - _lastWaitAt) ?? TimeSpan.Zero;
            due = due > _outage.PausedUntil ? due : _outage.PausedUntil;
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
        var interval = options.PollingInterval;
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
            Change(() => batch = _tasks.Take(Now));
            if (batch.Count > 0)
            {
                Accept(batch, await SendAsync(batch, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // No callers remain.
        }
        catch (LalalAiApiException exception) when (batch.Count > 0 && ErrorMapping.IsRefusal(exception) && exception.StatusCode != 429)
        {
            Reject(batch, exception);
        }
        catch (Exception exception)
        {
            Pause(batch, exception);
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
            await _timeProvider.Delay(retry, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<IReadOnlyList<TaskState>> SendAsync(List<WatchedTask> batch, CancellationToken cancellationToken)
    {
        List<TaskId> ids = [.. batch.Select(task => task.Id)];
        return api.CallOnceAsync(
            "Check",
            // A transport of the application may ignore its token.
            (raw, attempt) => TaskStateQuery
                .SendAsync(raw, options, ids, attempt)
                .WaitAsync(Timeout.InfiniteTimeSpan, _timeProvider, attempt),
            cancellationToken);
    }

    private void Accept(List<WatchedTask> batch, IReadOnlyList<TaskState> states)
    {
        List<(TaskState State, TimeSpan Waited)> ended = [];
        List<TaskId> retried = [];
        // Before the states: a caller that continues with one finds no outage.
        _outage.End(Now);
        Change(() =>
        {
            ended = _tasks.Accept(batch, states, Now);
            retried = [.. batch.Where(task => task.IsFirstRetryDue).Select(task => task.Id)];
        });
        if (retried.Count > 0)
        {
            Log.LookupsFail(logger, retried.Count, retried[0]);
        }

        foreach (var (state, waited) in ended)
        {
            Log.WaitEnded(logger, state.TaskId, state.GetType().Name, waited);
        }
    }

    /// <summary>
    /// Ends the waits and checks for what the service itself rejected: the license key, or a task. If one of several tasks may be the
    /// reason, the loop looks for it first. The rejection of a task that is known to exist is a failed lookup.
    /// </summary>
    private void Reject(List<WatchedTask> batch, LalalAiApiException exception)
    {
        if (batch is [var task] && exception.StatusCode is not (401 or 403) && IsKnownToExist(task))
        {
            Accept(batch, [new TaskLookupFailed { TaskId = task.Id, Message = exception.Message }]);
            Change(() => _tasks.SetApart(task));
            return;
        }

        _outage.End(Now);
        int? ended = null;
        Change(() =>
        {
            if (exception.StatusCode is 401 or 403 || !_tasks.TryDivide(batch))
            {
                ended = _tasks.End(batch, exception);
            }
        });
        if (ended is { } tasks)
        {
            Log.WaitsFailed(logger, exception.GetType().Name, exception.RequestId, tasks);
        }
        else
        {
            Log.CheckRejected(logger, batch.Count, exception.GetType().Name, exception.RequestId);
        }
    }

    private bool IsKnownToExist(WatchedTask task)
    {
        lock (_gate)
        {
            return task.IsKnownToExist(Now);
        }
    }

    /// <summary>Pauses the loop. Single checks fail after as many retries as other calls.</summary>
    private void Pause(List<WatchedTask> batch, Exception exception)
    {
        var waiting = 0;
        Change(() =>
        {
            _tasks.Fail(batch, Now);
            waiting = _tasks.Count;
        });
        _outage.Fail(exception, Now, waiting);
        Change(() =>
        {
            _tasks.FailChecks(batch, exception, options.MaxRetries);
            _tasks.WakeUpCallers();
        });
    }
}

using System.Runtime.ExceptionServices;
using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Polling;

/// <summary>
/// The one loop of a client that checks every task which somebody waits for. It runs from the first wait to the last, and leaves neither a timer nor a thread behind.
/// </summary>
internal sealed class CheckLoop : IDisposable
{
    private readonly object _gate = new();
    private readonly ApiCaller _api;
    private readonly CheckPermits _permits;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _pollingInterval;
    private readonly ILogger _logger;
    private readonly long _origin;
    private readonly WatchList _tasks = new();
    private readonly CheckBackoff _backoff = new();
    private TimeSpan? _lastSent;
    private CheckRun? _run;
    private bool _isDisposed;

    public CheckLoop(ApiCaller api, CheckPermits permits, LalalAiClientOptions options, ILogger logger)
    {
        _api = api;
        _permits = permits;
        _timeProvider = options.TimeProvider;
        _pollingInterval = options.PollingInterval;
        _logger = logger;
        _origin = _timeProvider.GetTimestamp();
    }

    /// <summary>The runs that have not ended yet. It does not fail.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Whether nothing happens until the clock moves or somebody calls; for tests that move the clock.</summary>
    public bool IsAsleep
    {
        get
        {
            lock (_gate)
            {
                return _run?.IsAsleep ?? true;
            }
        }
    }

    private TimeSpan Now => _timeProvider.GetElapsedTime(_origin);

    /// <summary>Begins to leave the states of tasks in an inbox.</summary>
    public void Subscribe(IReadOnlyList<TaskId> tasks, Inbox inbox)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                throw new ObjectDisposedException(nameof(LalalAiClient));
            }

            var now = Now;
            foreach (var task in tasks)
            {
                _tasks.Join(task, inbox, now);
            }

            if (_run is null)
            {
                Start(_run = new CheckRun());
            }
            else
            {
                _run.Ring();
            }
        }
    }

    public void Unsubscribe(IReadOnlyList<TaskId> tasks, Inbox inbox)
    {
        CheckRun? unneeded;
        lock (_gate)
        {
            foreach (var task in tasks)
            {
                _tasks.Leave(task, inbox);
            }

            unneeded = TakeRunIfUnneeded();
        }

        unneeded?.End();
    }

    /// <summary>Ends every wait.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        EndAll(new ObjectDisposedException(nameof(LalalAiClient)));
    }

    private void Start(CheckRun run)
    {
        // The loop serves everybody: it must not go on in the activity, or with the other ambient values, of whoever came first.
        var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        try
        {
            var task = Task.Run(() => RunAsync(run));
            Running = Running.IsCompleted ? task : Task.WhenAll(Running, task);
        }
        finally
        {
            flow?.Undo();
        }
    }

    private async Task RunAsync(CheckRun run)
    {
        try
        {
            while (IsNeeded(run, out var alarm))
            {
                if (alarm is not null)
                {
                    await alarm.ConfigureAwait(false);
                    run.ClearAlarm();
                    continue;
                }

                using var lease = await _permits.AcquireAsync(run.Token).ConfigureAwait(false);
                var batch = Take(run);
                if (batch.Count > 0)
                {
                    await CheckAsync(run, batch).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (run.Token.IsCancellationRequested)
        {
            // Nobody waits any more.
        }
        catch (Exception exception)
        {
            // Whatever it was, nobody may be left waiting for a loop that is gone.
            EndAll(exception);
        }
        finally
        {
            run.Dispose();
        }
    }

    /// <summary>Returns whether the run has to go on; with an alarm when nothing is due before it rings, without one when a check is due now.</summary>
    private bool IsNeeded(CheckRun run, out Task? alarm)
    {
        alarm = null;
        lock (_gate)
        {
            if (_run != run)
            {
                return false;
            }

            var now = Now;
            var next = Latest(_tasks.NextDue, _backoff.Until, _lastSent + _pollingInterval ?? TimeSpan.Zero);
            alarm = next > now ? run.SetAlarm(_timeProvider, next - now) : null;
            return true;
        }
    }

    private IReadOnlyList<WatchedTask> Take(CheckRun run)
    {
        lock (_gate)
        {
            if (_run != run)
            {
                return [];
            }

            var now = Now;
            _lastSent = now;
            return _tasks.TakeMostOverdue(TaskStateQuery.MaximumIds, now, _pollingInterval);
        }
    }

    private async Task CheckAsync(CheckRun run, IReadOnlyList<WatchedTask> batch)
    {
        try
        {
            var ids = batch.Select(task => task.Id).ToList();
            var states = await _api.CallOnceAsync("Check", (raw, attempt) => TaskStateQuery.SendAsync(raw, ids, attempt), run.Token).ConfigureAwait(false);
            Tell(batch, states);
        }
        catch (Exception) when (run.Token.IsCancellationRequested)
        {
            // Nobody waits any more; what the check says about the service was our own doing.
        }
        catch (Exception exception) when (exception is OperationCanceledException || ApiErrors.IsWorthRepeating(exception, OperationKind.Free))
        {
            // A cancellation that is not the run's is a time-out of somebody's handler.
            BackOff(batch, exception);
        }
        catch (Exception exception)
        {
            End(batch, exception);
        }
    }

    private void Tell(IReadOnlyList<WatchedTask> batch, IReadOnlyList<TaskState?> states)
    {
        var ended = new List<(TaskState State, TimeSpan Waited)>();
        CheckRun? unneeded;
        lock (_gate)
        {
            _backoff.Reset();
            for (var index = 0; index < batch.Count; index++)
            {
                if (batch[index].Tell(states[index]) is { } final && _tasks.Remove(batch[index]))
                {
                    ended.Add((final, Now - batch[index].Since));
                }
            }

            unneeded = TakeRunIfUnneeded();
        }

        unneeded?.End();
        foreach (var (state, waited) in ended)
        {
            Log.WaitEnded(_logger, state.Id, state.GetType().Name, waited);
        }
    }

    private void BackOff(IReadOnlyList<WatchedTask> batch, Exception exception)
    {
        TimeSpan delay;
        int waiting;
        lock (_gate)
        {
            delay = _backoff.Note(exception, Now);
            waiting = _tasks.Count;
            foreach (var task in batch)
            {
                // Due at once, but after those who have been due for longer: a batch that fails for ever must not keep the others from their turn.
                task.Due = Now;
            }
        }

        Log.ChecksPaused(_logger, exception.GetType().Name, (exception as LalalAiApiException)?.RequestId, delay, waiting);
    }

    private void End(IReadOnlyList<WatchedTask> batch, Exception exception)
    {
        var failure = ExceptionDispatchInfo.Capture(exception);
        CheckRun? unneeded;
        lock (_gate)
        {
            foreach (var task in batch.Where(_tasks.Remove))
            {
                task.Fail(failure);
            }

            unneeded = TakeRunIfUnneeded();
        }

        unneeded?.End();
        Log.WaitsFailed(_logger, batch.Count, exception.GetType().Name, (exception as LalalAiApiException)?.RequestId);
    }

    private void EndAll(Exception exception)
    {
        var failure = ExceptionDispatchInfo.Capture(exception);
        CheckRun? unneeded;
        lock (_gate)
        {
            foreach (var task in _tasks.RemoveAll())
            {
                task.Fail(failure);
            }

            unneeded = TakeRunIfUnneeded();
        }

        unneeded?.End();
    }

    /// <summary>Takes the run away when nobody waits, to be ended outside of the lock: ending it runs code that is not ours.</summary>
    private CheckRun? TakeRunIfUnneeded()
    {
        if (_tasks.Count > 0)
        {
            return null;
        }

        var run = _run;
        _run = null;
        _backoff.Rest();
        return run;
    }

    private static TimeSpan Latest(params TimeSpan[] times) => times.Max();
}

using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Polling;

/// <summary>
/// The one loop of a client that checks every task which somebody waits for. It runs from the first wait to the last, and leaves neither a timer nor a thread behind.
/// </summary>
internal sealed class CheckLoop(ApiCaller api, CheckPermits permits, CheckBackoff backoff, LalalAiClientOptions options, ILogger logger) : IDisposable
{
    private readonly CheckSchedule _schedule = new(options.TimeProvider, options.PollingInterval, backoff);

    /// <summary>Completes when the loop has ended. It does not fail.</summary>
    public Task Running => _schedule.Running;

    /// <summary>Whether nothing happens until the clock moves or somebody calls; for tests that move the clock.</summary>
    public bool IsAsleep => _schedule.IsAsleep;

    /// <summary>Begins to leave the states of tasks in an inbox.</summary>
    public void Subscribe(IReadOnlyList<TaskId> tasks, Inbox inbox) => _schedule.Subscribe(tasks, inbox, Start);

    public void Unsubscribe(IReadOnlyList<TaskId> tasks, Inbox inbox) => _schedule.Unsubscribe(tasks, inbox);

    /// <summary>Ends every wait.</summary>
    public void Dispose() => _schedule.Dispose();

    private Task Start(CheckRun run)
    {
        // The loop serves everybody: it must not go on in the activity, or with the other ambient values, of whoever came first.
        var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        try
        {
            return Task.Run(() => RunAsync(run));
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
            while (_schedule.IsNeeded(run, out var alarm))
            {
                if (alarm is not null)
                {
                    await alarm.ConfigureAwait(false);
                    run.ClearAlarm();
                    continue;
                }

                using var lease = await permits.AcquireAsync(run.Token).ConfigureAwait(false);
                var batch = _schedule.Take(run);
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
            _schedule.EndAll(exception);
        }
        finally
        {
            run.Dispose();
        }
    }

    private async Task CheckAsync(CheckRun run, IReadOnlyList<WatchedTask> batch)
    {
        try
        {
            var ids = batch.Select(task => task.Id).ToList();
            var states = await api.CallOnceAsync("Check", (raw, attempt) => TaskStateQuery.SendAsync(raw, ids, attempt), run.Token).ConfigureAwait(false);
            Tell(batch, states);
        }
        catch (Exception) when (run.Token.IsCancellationRequested)
        {
            // Nobody waits any more; what the check says about the service was our own doing.
        }
        catch (Exception exception) when (exception is OperationCanceledException || ApiErrors.IsTransient(exception))
        {
            // A cancellation that is not the run's is a time-out of somebody's handler.
            var (delay, waiting) = _schedule.BackOff(batch, exception);
            Log.ChecksPaused(logger, exception.GetType().Name, (exception as LalalAiApiException)?.RequestId, delay, waiting);
        }
        catch (LalalAiApiException exception) when (ApiErrors.IsAboutTheContent(exception))
        {
            if (_schedule.Refuse(batch, exception) is > 0 and var ended)
            {
                Log.WaitsFailed(logger, ended, exception.GetType().Name, exception.RequestId);
            }
            else
            {
                Log.CheckRefused(logger, batch.Count, exception.GetType().Name, exception.RequestId);
            }
        }
        catch (Exception exception)
        {
            _schedule.End(batch, exception);
            Log.WaitsFailed(logger, batch.Count, exception.GetType().Name, (exception as LalalAiApiException)?.RequestId);
        }
    }

    private void Tell(IReadOnlyList<WatchedTask> batch, IReadOnlyList<TaskState?> states)
    {
        foreach (var (state, waited) in _schedule.Tell(batch, states))
        {
            Log.WaitEnded(logger, state.TaskId, state.GetType().Name, waited);
        }
    }
}

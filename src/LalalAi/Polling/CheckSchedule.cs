using System.Runtime.ExceptionServices;

namespace LalalAi.Polling;

/// <summary>
/// What the loop has to do and when: who waits, what is due, how long to keep still. Waits come and go on any thread while the loop runs, so all of it is behind one lock.
/// </summary>
internal sealed class CheckSchedule(TimeProvider timeProvider, TimeSpan pollingInterval) : IDisposable
{
    private readonly object _gate = new();
    private readonly long _origin = timeProvider.GetTimestamp();
    private readonly WatchList _tasks = new();
    private readonly CheckBackoff _backoff = new();
    private TimeSpan? _lastSent;
    private CheckRun? _run;
    private bool _isClosed;

    /// <summary>The runs of the loop that have not ended yet. It does not fail.</summary>
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

    private TimeSpan Now => timeProvider.GetElapsedTime(_origin);

    /// <summary>Begins to leave the states of tasks in an inbox. When nobody waited before, a run is started.</summary>
    public void Subscribe(IReadOnlyList<TaskId> tasks, Inbox inbox, Func<CheckRun, Task> start)
    {
        lock (_gate)
        {
            if (_isClosed)
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
                _run = new CheckRun();
                var running = start(_run);
                Running = Running.IsCompleted ? running : Task.WhenAll(Running, running);
            }
            else
            {
                _run.Ring();
            }
        }
    }

    public void Unsubscribe(IReadOnlyList<TaskId> tasks, Inbox inbox) => Change(() =>
    {
        foreach (var task in tasks)
        {
            _tasks.Leave(task, inbox);
        }
    });

    /// <summary>Returns whether a run has to go on; with an alarm when nothing is due before it rings, without one when a check is due now.</summary>
    public bool IsNeeded(CheckRun run, out Task? alarm)
    {
        alarm = null;
        lock (_gate)
        {
            if (_run != run)
            {
                return false;
            }

            var now = Now;
            var next = Latest(_tasks.NextDue, _backoff.Until, _lastSent + pollingInterval ?? TimeSpan.Zero);
            alarm = next > now ? run.SetAlarm(timeProvider, next - now) : null;
            return true;
        }
    }

    /// <summary>Returns what to ask for now; nothing when the run is not needed any more.</summary>
    public IReadOnlyList<WatchedTask> Take(CheckRun run)
    {
        lock (_gate)
        {
            if (_run != run)
            {
                return [];
            }

            var now = Now;
            _lastSent = now;
            return _tasks.TakeMostOverdue(TaskStateQuery.MaximumIds, now, pollingInterval);
        }
    }

    /// <summary>Passes an answer on, and returns the final states in it with the time that was waited for them.</summary>
    public IReadOnlyList<(TaskState State, TimeSpan Waited)> Tell(IReadOnlyList<WatchedTask> batch, IReadOnlyList<TaskState?> states)
    {
        var ended = new List<(TaskState State, TimeSpan Waited)>();
        Change(() =>
        {
            _backoff.Reset();
            for (var index = 0; index < batch.Count; index++)
            {
                if (batch[index].Tell(states[index]) is { } final && _tasks.Remove(batch[index]))
                {
                    ended.Add((final, Now - batch[index].Since));
                }
            }
        });
        return ended;
    }

    /// <summary>Notes that a request failed in a way that may pass, and returns how long to keep still and how many tasks are waited for.</summary>
    public (TimeSpan Delay, int Waiting) BackOff(IReadOnlyList<WatchedTask> batch, Exception exception)
    {
        lock (_gate)
        {
            var now = Now;
            foreach (var task in batch)
            {
                // Due at once, but after those who have been due for longer: a batch that fails for ever must not keep the others from their turn.
                task.Due = now;
            }

            return (_backoff.Note(exception, now), _tasks.Count);
        }
    }

    /// <summary>Ends the waits of a request.</summary>
    public void End(IReadOnlyList<WatchedTask> batch, Exception exception)
    {
        var failure = ExceptionDispatchInfo.Capture(exception);
        Change(() =>
        {
            foreach (var task in batch.Where(_tasks.Remove))
            {
                task.Fail(failure);
            }
        });
    }

    /// <summary>Ends every wait.</summary>
    public void EndAll(Exception exception)
    {
        var failure = ExceptionDispatchInfo.Capture(exception);
        Change(() =>
        {
            foreach (var task in _tasks.RemoveAll())
            {
                task.Fail(failure);
            }
        });
    }

    /// <summary>Ends every wait and takes no more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        EndAll(new ObjectDisposedException(nameof(LalalAiClient)));
    }

    /// <summary>Makes a change after which nobody may be waiting any more, and ends the run then; outside of the lock, because ending it runs code that is not ours.</summary>
    private void Change(Action change)
    {
        CheckRun? unneeded = null;
        lock (_gate)
        {
            change();
            if (_tasks.Count == 0 && _run is not null)
            {
                (unneeded, _run) = (_run, null);
                _backoff.Rest();
            }
        }

        unneeded?.End();
    }

    private static TimeSpan Latest(params TimeSpan[] times) => times.Max();
}

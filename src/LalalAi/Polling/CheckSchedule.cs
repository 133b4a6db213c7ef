using System.Runtime.ExceptionServices;

namespace LalalAi.Polling;

/// <summary>
/// What the loop has to do and when: who waits, what is due, how long to keep still. Waits come and go on any thread while the loop runs, so all of it is behind one lock.
/// </summary>
internal sealed class CheckSchedule(TimeProvider timeProvider, TimeSpan pollingInterval, CheckBackoff backoff) : IDisposable
{
    private readonly object _gate = new();
    private readonly long _origin = timeProvider.GetTimestamp();
    private readonly WatchList _tasks = new();
    private readonly Suspects _suspects = new();
    private bool _isSuspectsTurn = true;
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
            var next = Latest(_suspects.Any ? now : _tasks.NextDue, now + backoff.Left, _lastSent + pollingInterval ?? TimeSpan.Zero);
            alarm = next > now ? run.SetAlarm(timeProvider, next - now) : null;
            return true;
        }
    }

    /// <summary>Returns what to ask for now; nothing when the run is not needed any more, or has to keep still since.</summary>
    public IReadOnlyList<WatchedTask> Take(CheckRun run)
    {
        lock (_gate)
        {
            var now = Now;
            if (_run != run || backoff.Left > TimeSpan.Zero)
            {
                return [];
            }

            _lastSent = now;
            var batch = Next(now);
            foreach (var task in batch)
            {
                task.Due = now + CheckPace.After(now - task.Since, pollingInterval);
            }

            return batch;
        }
    }

    /// <summary>Passes an answer on, and returns the final states in it with the time that was waited for them.</summary>
    public IReadOnlyList<(TaskState State, TimeSpan Waited)> Tell(IReadOnlyList<WatchedTask> batch, IReadOnlyList<TaskState?> states)
    {
        var ended = new List<(TaskState State, TimeSpan Waited)>();
        Change(() =>
        {
            backoff.Reset();
            _suspects.Accept(batch);
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

            if (batch[0].IsSuspect)
            {
                _suspects.PutBack(batch);
            }

            return (backoff.Note(exception), _tasks.Count);
        }
    }

    /// <summary>
    /// Notes that the service refused a request for what is in it, ends the waits for those that are to blame, as far as that is known now, and returns how many tasks that are. The
    /// others are asked for in smaller parts.
    /// </summary>
    public int Refuse(IReadOnlyList<WatchedTask> batch, Exception exception)
    {
        IReadOnlyList<WatchedTask> blamed;
        lock (_gate)
        {
            blamed = _suspects.Refuse(batch);
        }

        End(blamed, exception);
        return blamed.Count;
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
                _suspects.Clear();
                backoff.Rest();
            }
        }

        unneeded?.End();
    }

    private IReadOnlyList<WatchedTask> Next(TimeSpan now)
    {
        // In turns, so that the search for whoever is to blame does not keep the others from their checks.
        var part = _suspects.Any && (_isSuspectsTurn || _tasks.NextDue > now) ? _suspects.Take(_tasks.Contains) : [];
        _isSuspectsTurn = part.Count == 0;
        return part.Count > 0 ? part : _tasks.MostOverdue(TaskStateQuery.MaximumIds);
    }

    private static TimeSpan Latest(params TimeSpan[] times) => times.Max();
}

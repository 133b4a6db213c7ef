using System.Collections.Concurrent;

namespace LalalAi.Sandbox.State;

/// <summary>Everything that belongs to one licence key: sources, tasks, minutes and the rate of its checks.</summary>
internal sealed class LicenseState(SandboxOptions options)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Guid, Source> _sources = new();
    private readonly ConcurrentDictionary<Guid, SeparationTask> _tasks = new();
    private readonly Dictionary<Guid, (Guid TaskId, string Parameters)> _idempotencyKeys = [];
    private readonly MinutesLedger _minutes = new(options.MinutesPerLicense);
    private readonly SlidingWindow _checks = new(options.ChecksPerMinute);

    public double MinutesLeft
    {
        get
        {
            lock (_lock)
            {
                return _minutes.MinutesLeft;
            }
        }
    }

    private DateTimeOffset Now => options.TimeProvider.GetUtcNow();

    public bool TryEnterCheck() => _checks.TryEnter(Now);

    public void Add(Source source) => _sources[source.Id] = source;

    public StartOutcome Start(StartRequest request)
    {
        lock (_lock)
        {
            var now = Now;
            if (!_sources.TryGetValue(request.SourceId, out var source) || !source.IsAvailable(now))
            {
                return Refusal.SourceGone;
            }

            if (request.IdempotencyKey is { } used && _idempotencyKeys.TryGetValue(used, out var earlier))
            {
                return earlier.Parameters == request.Parameters
                    && _tasks.TryGetValue(earlier.TaskId, out var same)
                    && same.StatusAt(now) == SeparationStatus.Queued
                    ? same
                    : Refusal.IdempotencyKeyUsed;
            }

            if (options.MaxSourceDuration is { } longest && source.DurationSeconds > longest.TotalSeconds)
            {
                return Refusal.TooLong;
            }

            if (!_minutes.TrySpend((long)source.DurationSeconds * request.Plan.ChargedStems))
            {
                return Refusal.NoMinutesLeft;
            }

            var schedule = ProcessingSchedule.Create(now, source.DurationSeconds, request.Plan.ChargedStems, options.Speed);
            var task = new SeparationTask(Guid.NewGuid(), source, request.Presets, request.Plan, now, schedule);
            source.KeepFilesUntil(now + options.TaskLifetime);
            _tasks[task.Id] = task;
            if (request.IdempotencyKey is { } key)
            {
                _idempotencyKeys[key] = (task.Id, request.Parameters);
            }

            return task;
        }
    }

    /// <summary>The task, as long as it can be checked.</summary>
    public SeparationTask? FindTask(Guid id) => _tasks.TryGetValue(id, out var task) && Now < task.Created + options.TaskLifetime ? task : null;

    /// <summary>Cancels a task.</summary>
    /// <returns>Null when it was running; otherwise why it could not be cancelled.</returns>
    public string? Cancel(Guid id)
    {
        lock (_lock)
        {
            return FindTask(id) switch
            {
                null => "Failed to extract information about task",
                { } task when task.Cancel(Now) => null,
                _ => "Task is not in progress state",
            };
        }
    }

    public IReadOnlyList<SeparationTask> CancelAll()
    {
        lock (_lock)
        {
            var now = Now;
            return [.. _tasks.Values.OrderBy(task => task.Created).Where(task => task.Cancel(now))];
        }
    }

    /// <summary>Deletes a source and cancels what still runs on it.</summary>
    /// <returns>Whether there was such a source.</returns>
    public bool Delete(Guid sourceId)
    {
        lock (_lock)
        {
            var now = Now;
            if (!_sources.TryGetValue(sourceId, out var source) || !source.IsAvailable(now))
            {
                return false;
            }

            source.Delete(now, options.LinkGraceAfterDelete);
            foreach (var task in _tasks.Values.Where(task => task.Source == source))
            {
                task.Cancel(now);
            }

            return true;
        }
    }

    /// <summary>Forgets what can no longer be asked for.</summary>
    /// <returns>The sources and tasks whose files can go.</returns>
    public (IReadOnlyList<Source> Sources, IReadOnlyList<SeparationTask> Tasks) Sweep()
    {
        lock (_lock)
        {
            var now = Now;
            var tasks = _tasks.Values.Where(task => now >= task.Created + options.TaskLifetime).ToArray();
            var sources = _sources.Values.Where(source => now >= source.FilesNeededUntil).ToArray();
            foreach (var task in tasks)
            {
                _tasks.TryRemove(task.Id, out _);
            }

            foreach (var source in sources)
            {
                _sources.TryRemove(source.Id, out _);
            }

            // The tracks of a deleted source go with it, while the task itself can still be checked.
            var orphans = _tasks.Values.Where(task => sources.Contains(task.Source));
            return (sources, [.. tasks, .. orphans]);
        }
    }
}

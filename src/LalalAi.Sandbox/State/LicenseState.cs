using System.Collections.Concurrent;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Usage;
using Newtonsoft.Json;

namespace LalalAi.Sandbox.State;

/// <summary>Everything that belongs to one license key: sources, tasks, minutes and the rate of its checks.</summary>
internal sealed class LicenseState(SandboxOptions options, FaultPlan? faults)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Guid, Source> _sources = new();
    private readonly ConcurrentDictionary<Guid, SeparationTask> _tasks = new();
    private readonly Dictionary<Guid, (Guid TaskId, string Parameters)> _idempotencyKeys = [];
    private readonly MinutesLedger _minutes = new(options.MinutesPerLicense);
    private readonly CheckWindow _checks = new(options.ChecksPerMinute, options.Behavior?.CheckWindow ?? CheckWindowKind.Sliding);
    private readonly ConcurrentDictionary<Guid, bool> _expiredTasks = new();

    /// <summary>The options for this key: the sandbox's options, unless it is a special key.</summary>
    public SandboxOptions Options => options;

    /// <summary>The fault plan in the key.</summary>
    public FaultPlan? Faults => faults;

    public UsageRecord Usage { get; } = new();

    public double MinutesLeft
    {
        get
        {
            lock (_lock)
            {
                return _minutes.MinutesLeft;
            }
        }

        set
        {
            lock (_lock)
            {
                _minutes.MinutesLeft = value;
            }
        }
    }

    // The latest task by content and presets.
    private readonly Dictionary<string, SeparationTask> _jobs = new(StringComparer.Ordinal);

    private DateTimeOffset Now => options.TimeProvider.GetUtcNow();

    public bool TryEnterCheck()
    {
        var now = Now;
        var admitted = _checks.TryEnter(now);
        Usage.CheckArrived(now, admitted);
        return admitted;
    }

    public void Add(Source source)
    {
        lock (_lock)
        {
            var now = Now;
            Usage.Uploaded(_sources.Values.Any(other => other.Content == source.Content && other.IsAvailable(now)));
            _sources[source.Id] = source;
        }
    }

    /// <summary>The source, even if it was deleted or has expired; null when it is unknown.</summary>
    public Source? FindSource(Guid id) => _sources.GetValueOrDefault(id);

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
                var queued = earlier.Parameters == request.Parameters
                    && _tasks.TryGetValue(earlier.TaskId, out var same)
                    && same.StatusAt(now) == SeparationStatus.Queued
                    ? same
                    : null;
                switch (queued is null ? ReusedKeyResponse.Rejected : options.Behavior?.SameKeyWhileQueued ?? ReusedKeyResponse.SameTask)
                {
                    case ReusedKeyResponse.SameTask:
                        return queued!;
                    case ReusedKeyResponse.Rejected:
                        return Refusal.IdempotencyKeyUsed;
                }
            }

            if (options.MaxSourceDuration is { } longest && source.Media.DurationSeconds > longest.TotalSeconds)
            {
                return Refusal.TooLong;
            }

            // Everything that can fail precedes the charge.
            var failure = request.Failure ?? (source.Media.Failure is { } reason ? Fault.TaskError(detail: reason) : null);
            var seconds = ChargedSeconds(source.Media.DurationSeconds) * request.Plan.ChargedStems;
            var schedule = ProcessingSchedule.Create(now, source.Media.DurationSeconds, request.Plan.ChargedStems, options.Speed);
            var task =
                new SeparationTask(Guid.NewGuid(), source, request.Presets, now, schedule) { Failure = failure, ChargedSeconds = seconds };
            var expires = now + options.TaskLifetime;
            if (!_minutes.TrySpend(seconds))
            {
                return Refusal.NoMinutesLeft;
            }

            source.KeepFilesUntil(expires);
            _tasks[task.Id] = task;
            if (request.IdempotencyKey is { } key)
            {
                _idempotencyKeys[key] = (task.Id, request.Parameters);
            }

            Usage.Started(request.IdempotencyKey is not null, IsRepeated(task, now), seconds / 60.0);
            return task;
        }
    }

    /// <summary>Adds running tasks. They finish one after another, evenly spread over a time.</summary>
    public IReadOnlyList<Guid> Run(IEnumerable<StartRequest> requests, TimeSpan time)
    {
        lock (_lock)
        {
            var now = Now;
            StartRequest[] all = [.. requests];
            return [.. all.Select((request, index) =>
            {
                var source = _sources[request.SourceId];
                var schedule = new ProcessingSchedule(now, now + (time * ((index + 1.0) / all.Length)));
                var task = new SeparationTask(Guid.NewGuid(), source, request.Presets, now, schedule)
                {
                    Failure = source.Media.Failure is { } reason ? Fault.TaskError(detail: reason) : null,
                };
                source.KeepFilesUntil(now + options.TaskLifetime);
                _tasks[task.Id] = task;
                return task.Id;
            })];
        }
    }

    /// <summary>Fails a task whose tracks cannot be created, and refunds its minutes.</summary>
    public void Fail(SeparationTask task, string reason)
    {
        lock (_lock)
        {
            if (task.Failure is null)
            {
                task.Failure = Fault.TaskError(detail: reason);
                GiveBack(task);
            }
        }
    }

    /// <summary>Whether the task existed, but can no longer be checked.</summary>
    public bool IsExpiredTask(Guid id) => _expiredTasks.ContainsKey(id) || (_tasks.ContainsKey(id) && FindTask(id) is null);

    /// <summary>The task; null when it can no longer be checked.</summary>
    public SeparationTask? FindTask(Guid id) =>
        _tasks.TryGetValue(id, out var task) && Now < task.Created + options.TaskLifetime ? task : null;

    /// <summary>Cancels a task.</summary>
    /// <returns>Null when it was running; otherwise the reason why it cannot be canceled.</returns>
    public string? Cancel(Guid id)
    {
        lock (_lock)
        {
            return FindTask(id) switch
            {
                null => "Failed to extract information about task",
                { } task when Cancel(task, Now) => null,
                _ => "Task is not in progress state",
            };
        }
    }

    /// <summary>The tasks that can be checked.</summary>
    public IEnumerable<SeparationTask> Tasks
    {
        get
        {
            var now = Now;
            return _tasks.Select(task => task.Value).Where(task => now < task.Created + options.TaskLifetime);
        }
    }

    public IReadOnlyList<SeparationTask> CancelAll()
    {
        lock (_lock)
        {
            var now = Now;
            return [.. _tasks.Values.OrderBy(task => task.Created).Where(task => Cancel(task, now))];
        }
    }

    /// <summary>Deletes a source and cancels its running tasks.</summary>
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

    public UsageReport Report()
    {
        lock (_lock)
        {
            return Usage.Report(_sources.Values.Where(source => source.Deleted is null).Select(source => source.Name));
        }
    }

    /// <summary>The state to save.</summary>
    public SavedLicense Save(string key)
    {
        lock (_lock)
        {
            return new SavedLicense(
                key,
                _minutes.MinutesLeft,
                [.. _sources.Values.Select(SavedSource.Of)],
                [.. _tasks.Values.Select(SavedTask.Of)],
                [.. _idempotencyKeys.Select(used => new SavedStart(used.Key, used.Value.TaskId, used.Value.Parameters))]);
        }
    }

    /// <summary>Restores saved state.</summary>
    public void Restore(SavedLicense saved, FileStore files, FaultPlanRegistry plans)
    {
        lock (_lock)
        {
            _minutes.MinutesLeft = saved.MinutesLeft;
            foreach (var source in saved.Sources.Where(source => File.Exists(files.SourcePath(source.Id))))
            {
                _sources[source.Id] = source.Restore(files.SourcePath(source.Id), plans.InFileName(source.Name));
            }

            foreach (var task in saved.Tasks.Where(task => _sources.ContainsKey(task.SourceId)))
            {
                _tasks[task.Id] = task.Restore(_sources[task.SourceId]);
            }

            foreach (var start in saved.Starts)
            {
                _idempotencyKeys[start.IdempotencyKey] = (start.TaskId, start.Parameters);
            }
        }
    }

    /// <summary>All sources and tasks.</summary>
    public (IReadOnlyList<Source> Sources, IReadOnlyList<SeparationTask> Tasks) Contents => ([.. _sources.Values], [.. _tasks.Values]);

    private long ChargedSeconds(long seconds)
    {
        var unit = options.Behavior?.ChargedSeconds ?? 1;
        return (seconds + unit - 1) / unit * unit;
    }

    private bool Cancel(SeparationTask task, DateTimeOffset now)
    {
        var isCanceled = task.Cancel(now);
        if (isCanceled && options.Behavior?.CancelRefundsMinutes == true)
        {
            GiveBack(task);
        }

        return isCanceled;
    }

    private void GiveBack(SeparationTask task)
    {
        _minutes.GiveBack(task.ChargedSeconds);
        Usage.GaveBack(task.ChargedSeconds / 60.0);
        task.ChargedSeconds = 0;
    }

    /// <summary>Whether the same task was started before, and neither failed nor was canceled.</summary>
    private bool IsRepeated(SeparationTask task, DateTimeOffset now)
    {
        var job = $"{task.Source.Content} {task.Presets.ToString(Formatting.None)}";
        var repeated = _jobs.TryGetValue(job, out var earlier)
            && earlier.StatusAt(now) is not (SeparationStatus.Failed or SeparationStatus.Canceled);
        _jobs[job] = task;
        return repeated;
    }

    /// <summary>Removes expired sources and tasks.</summary>
    /// <returns>The sources and tasks whose files can be deleted.</returns>
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
                _expiredTasks[task.Id] = true;
            }

            foreach (var source in sources)
            {
                _sources.TryRemove(source.Id, out _);
                if (source.Deleted is null)
                {
                    Usage.Expired(source.Name);
                }
            }

            // The tracks are deleted with their source, but the task can still be checked.
            var orphans = _tasks.Values.Where(task => sources.Contains(task.Source));
            return (sources, [.. tasks, .. orphans]);
        }
    }
}

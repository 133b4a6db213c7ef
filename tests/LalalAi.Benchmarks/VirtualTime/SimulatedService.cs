namespace LalalAi.Benchmarks.VirtualTime;

/// <summary>Answers checks for simulated tasks in virtual time.</summary>
/// <param name="clock">The clock, which begins at zero.</param>
/// <param name="limit">How many checks it answers in any 60 seconds. It refuses the others.</param>
internal sealed class SimulatedService(TimeProvider clock, int limit = int.MaxValue)
{
    private const string Presets =
        """ "source_id":"3f0c6a1e-7b52-4d8f-9a64-c1e85d20b7f3","presets":{"task_type":"split","label":"stem_separator","stem":"vocals"} """;

    private static readonly string Success =
        $$$"""{"status":"success",{{{Presets}}},"result":{"duration":9,"tracks":[{"type":"stem","label":"vocals","url":"https://a.b/c"}]}}""";

    private static readonly string[] Progress =
        [.. Enumerable.Range(0, 100).Select(percent => $$$"""{"status":"progress",{{{Presets}}},"progress":{{{percent}}}}""")];

    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, SimulatedTask> _tasks = [];
    private readonly Dictionary<TaskId, double> _delays = [];
    private readonly List<TimeSpan> _requests = [];
    private readonly Queue<TimeSpan> _answered = new();

    public TimeProvider Clock => clock;

    public TimeSpan Now => TimeSpan.FromTicks(clock.GetTimestamp());

    public IReadOnlyCollection<TaskId> Ids => _tasks.Keys;

    /// <summary>How many checks were sent, including those that were rejected.</summary>
    public int Requests => _requests.Count;

    public int Rejected { get; private set; }

    /// <summary>How many tasks the checks were for.</summary>
    public long TasksAskedFor { get; private set; }

    /// <summary>Called with the number of each request.</summary>
    public Action<int> OnRequest { get; set; } = _ => { };

    public TaskId Add(SimulatedTask task)
    {
        lock (_lock)
        {
            var id = new TaskId($"{new Guid(_tasks.Count + 1, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0)}");
            _tasks.Add(id, task);
            return id;
        }
    }

    /// <summary>How long after its end a task was first asked for, in seconds.</summary>
    public double DelayOf(TaskId id)
    {
        lock (_lock)
        {
            return _delays[id];
        }
    }

    public int MostInAMinute()
    {
        var most = 0;
        for (var (first, last) = (0, 0); last < _requests.Count; last++)
        {
            while (_requests[last] - _requests[first] >= CheckBudget.Window)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    public Task<IReadOnlyDictionary<TaskId, string>> CheckAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = Now;
            _requests.Add(now);
            OnRequest(_requests.Count);
            while (_answered.TryPeek(out var oldest) && now - oldest >= CheckBudget.Window)
            {
                _answered.Dequeue();
            }

            if (_answered.Count >= limit)
            {
                Rejected++;
                throw new LalalAiRateLimitException("Too many requests.");
            }

            _answered.Enqueue(now);
            TasksAskedFor += ids.Count;
            return Task.FromResult<IReadOnlyDictionary<TaskId, string>>(ids.ToDictionary(id => id, id => StateOf(id, now)));
        }
    }

    private string StateOf(TaskId id, TimeSpan now)
    {
        var task = _tasks[id];
        if (now < task.End)
        {
            return Progress[task.PercentAt(now)];
        }

        _delays.TryAdd(id, (now - task.End).TotalSeconds);
        return Success;
    }
}

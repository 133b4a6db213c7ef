namespace LalalAi.Benchmarks.VirtualTime;

/// <summary>Answers checks for simulated tasks, by a clock that jumps to the next request as soon as the client waits for it.</summary>
internal sealed class SimulatedService(IReadOnlyList<SimulatedTask> tasks)
{
    private const string Presets =
        """ "source_id":"3f0c6a1e-7b52-4d8f-9a64-c1e85d20b7f3","presets":{"task_type":"split","label":"stem_separator","stem":"vocals"} """;

    private static readonly string Success =
        $$$"""{"status":"success",{{{Presets}}},"result":{"duration":9,"tracks":[{"type":"stem","label":"vocals","url":"https://a.b/c"}]}}""";

    private static readonly string[] Progress =
        [.. Enumerable.Range(0, 100).Select(percent => $$$"""{"status":"progress",{{{Presets}}},"progress":{{{percent}}}}""")];

    private readonly Dictionary<TaskId, SimulatedTask> _tasks = tasks.Select((task, index) =>
        (Id: Id(index), Task: task)).ToDictionary(entry => entry.Id, entry => entry.Task);
    private readonly Dictionary<TaskId, double> _delays = [];
    private readonly List<TimeSpan> _requests = [];

    public JumpingClock Clock { get; } = new();

    public IEnumerable<TaskId> Ids => _tasks.Keys;

    /// <summary>Called with the number of each request.</summary>
    public Action<int> OnRequest { get; set; } = _ => { };

    /// <summary>How long after its end a task was first asked for, in seconds.</summary>
    public double DelayOf(TaskId id)
    {
        lock (_delays)
        {
            return _delays[id];
        }
    }

    public int MostInAMinute()
    {
        var most = 0;
        for (var (first, last) = (0, 0); last < _requests.Count; last++)
        {
            while (_requests[last] - _requests[first] >= TimeSpan.FromSeconds(60))
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    public Task<IReadOnlyDictionary<TaskId, string>> CheckAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken)
    {
        var now = Clock.Now;
        _requests.Add(now);
        OnRequest(_requests.Count);
        return Task.FromResult<IReadOnlyDictionary<TaskId, string>>(ids.ToDictionary(id => id, id =>
        {
            var task = _tasks[id];
            if (now < task.End)
            {
                return Progress[task.PercentAt(now)];
            }

            lock (_delays)
            {
                _delays[id] = (now - task.End).TotalSeconds;
            }

            return Success;
        }));
    }

    private static TaskId Id(int number) => new($"{new Guid(number + 1, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0)}");
}

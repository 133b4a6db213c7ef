namespace LalalAi.Benchmarks.VirtualTime;

/// <summary>A task that is queued from the beginning until it starts, and then makes steady progress.</summary>
internal sealed record SimulatedTask(TimeSpan Start, TimeSpan End)
{
    private const int Seed = 20_261_126;

    /// <summary>Tasks that start at once and end evenly over a time.</summary>
    public static IReadOnlyList<SimulatedTask> AllAtOnce(int count, TimeSpan span)
    {
        var random = new Random(Seed);
        var first = TimeSpan.FromSeconds(5);
        var ends = Enumerable.Range(0, count).Select(_ => first + ((span - first) * random.NextDouble()));
        return [.. ends.Select(end => new SimulatedTask(TimeSpan.Zero, end))];
    }

    /// <summary>Tasks of a minute, more or less, of which only so many run at a time that the last ends after a time.</summary>
    public static IReadOnlyList<SimulatedTask> Queued(int count, TimeSpan span)
    {
        var random = new Random(Seed);
        var durations = Enumerable.Range(0, count).Select(_ => TimeSpan.FromSeconds(30 + (60 * random.NextDouble()))).ToList();
        var running = new PriorityQueue<TimeSpan, TimeSpan>();
        for (var free = Math.Max(1, (int)(durations.Sum(duration => duration.TotalSeconds) / span.TotalSeconds)); free > 0; free--)
        {
            running.Enqueue(TimeSpan.Zero, TimeSpan.Zero);
        }

        return [.. durations.Select(duration =>
        {
            var start = running.Dequeue();
            running.Enqueue(start + duration, start + duration);
            return new SimulatedTask(start, start + duration);
        })];
    }

    /// <summary>Tasks that stay queued.</summary>
    public static IReadOnlyList<SimulatedTask> Idle(int count) =>
        [.. Enumerable.Repeat(new SimulatedTask(TimeSpan.MaxValue, TimeSpan.MaxValue), count)];

    /// <summary>The progress in percent; 0 while the task is queued.</summary>
    public int PercentAt(TimeSpan now) => now < Start ? 0 : Math.Clamp((int)(100 * ((now - Start) / (End - Start))), 1, 99);
}

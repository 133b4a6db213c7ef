using System.Diagnostics;
using System.Globalization;
using LalalAi.Benchmarks.VirtualTime;

namespace LalalAi.Benchmarks.Scenarios;

/// <summary>
/// How soon the ends of many tasks are noticed in virtual time, and what a round costs while nothing happens. The client asks first for the
/// tasks that it expects to end next; round robin asks for all in turn. Both send a request of 200 tasks every 2.1 seconds.
/// </summary>
internal static class OrderScenario
{
    private const int RequestSize = 200;
    private const int MostChecksPerMinute = 30;
    private const double IdleShareOfCore = 0.01;

    private static readonly TimeSpan PollingInterval = TimeSpan.FromSeconds(2.1);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        List<Measurement> measurements = [];
        foreach (var count in new[] { 200, 1000, 5000, 100_000 })
        {
            // 5,000 tasks end over ten minutes; more take longer in proportion.
            var span = TimeSpan.FromMinutes(10 * Math.Max(1, count / 5000));
            measurements.Add(await CompareAsync(
                $"{count} tasks that end over {span.TotalMinutes:0} minutes", SimulatedTask.AllAtOnce(count, span)));
            measurements.Add(await CompareAsync(
                $"{count} tasks that wait in a queue and end over {span.TotalMinutes:0} minutes", SimulatedTask.Queued(count, span)));
        }

        foreach (var count in new[] { 1000, 10_000, 100_000 })
        {
            measurements.Add(await MeasureIdleAsync(count));
        }

        return measurements;
    }

    private static async Task<Measurement> CompareAsync(string scenario, IReadOnlyList<SimulatedTask> tasks)
    {
        var service = Serve(tasks);
        var delays = await RunAsync(service);
        var roundRobin = RoundRobin(tasks);
        var target = tasks.Count == 5000 ? 5 : double.PositiveInfinity;
        return new Measurement(
            scenario,
            $"noticed after {Describe(delays)}; {service.MostInAMinute()} checks in the busiest minute",
            $"round robin: {Describe(roundRobin)}",
            string.Create(CultureInfo.InvariantCulture, $"{delays.Average() / roundRobin.Average():0.00}"),
            tasks.Count == 5000 ? "under 5 s on average, at most 30 checks a minute" : "not later on average, at most 30 checks a minute",
            service.MostInAMinute() <= MostChecksPerMinute && delays.Average() <= Math.Min(target, roundRobin.Average() + 0.1));
    }

    private static async Task<List<double>> RunAsync(SimulatedService service)
    {
        await using var client = Client(service);
        var delays = new List<double>();
        await foreach (var state in client.WhenEachAsync(service.Ids))
        {
            delays.Add(state is TaskSucceeded ? service.DelayOf(state.TaskId) : throw new InvalidOperationException($"{state}"));
        }

        return delays;
    }

    /// <summary>What the client costs while 200 of the waiting tasks are asked for in each round, and none makes progress.</summary>
    private static async Task<Measurement> MeasureIdleAsync(int count)
    {
        const int WarmUp = 100;
        const int Rounds = 1000;
        var service = Serve(SimulatedTask.Idle(count));
        using var process = Process.GetCurrentProcess();
        var began = (Cpu: TimeSpan.Zero, Allocated: 0L);
        var ended = (Cpu: TimeSpan.Zero, Allocated: 0L);
        using var enough = new CancellationTokenSource();
        service.OnRequest = number =>
        {
            if (number == WarmUp)
            {
                began = Read();
            }
            else if (number == WarmUp + Rounds)
            {
                ended = Read();
                enough.Cancel();
            }
        };
        await using (var client = Client(service))
        {
            try
            {
                await foreach (var _ in client.WhenEachAsync(service.Ids, enough.Token))
                {
                }
            }
            catch (OperationCanceledException)
            {
                // Enough rounds.
            }
        }

        var cpu = (ended.Cpu - began.Cpu).TotalMilliseconds / Rounds;
        var allocated = (ended.Allocated - began.Allocated) / Rounds / 1000.0;
        var share = cpu / PollingInterval.TotalMilliseconds;
        return new Measurement(
            $"{count} idle waits",
            string.Create(CultureInfo.InvariantCulture, $"{cpu:0.00} ms of CPU and {allocated:0} kB a round"),
            "the responses of 200 tasks are read in each round",
            string.Create(CultureInfo.InvariantCulture, $"{share:0.0000} of a core"),
            "under 0.01 of a core",
            share < IdleShareOfCore);

        (TimeSpan Cpu, long Allocated) Read()
        {
            process.Refresh();
            return (process.TotalProcessorTime, GC.GetTotalAllocatedBytes());
        }
    }

    private static List<double> RoundRobin(IReadOnlyList<SimulatedTask> tasks)
    {
        var delays = new List<double>();
        var turn = new Queue<SimulatedTask>(tasks);
        for (var now = TimeSpan.Zero; turn.Count > 0; now += PollingInterval)
        {
            for (var left = Math.Min(RequestSize, turn.Count); left > 0; left--)
            {
                var task = turn.Dequeue();
                if (now >= task.End)
                {
                    delays.Add((now - task.End).TotalSeconds);
                }
                else
                {
                    turn.Enqueue(task);
                }
            }
        }

        return delays;
    }

    private static SimulatedService Serve(IReadOnlyList<SimulatedTask> tasks)
    {
        var service = new SimulatedService(new JumpingClock());
        foreach (var task in tasks)
        {
            service.Add(task);
        }

        return service;
    }

    private static LalalAiClient Client(SimulatedService service) => new(new LalalAiClientOptions
    {
        LicenseKey = "key",
        TimeProvider = service.Clock,
        PollingInterval = PollingInterval,
        CheckTransport = service.CheckAsync,
    });

    private static string Describe(List<double> delays)
    {
        delays.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{delays.Average():0.0} s (median {At(0.5):0.0}, 90 % {At(0.9):0.0}, 99 % {At(0.99):0.0}, at most {delays[^1]:0.0})");

        double At(double share) => delays[(int)(share * (delays.Count - 1))];
    }
}

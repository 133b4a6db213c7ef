using System.Diagnostics;
using System.Globalization;
using LalalAi.Benchmarks.VirtualTime;

namespace LalalAi.Benchmarks.Scenarios;

/// <summary>
/// 100,000 tasks on a cluster in virtual time: the silo that checks dies after 10 minutes, another one with its waits after 20, and two
/// silos check from minute 30 to 33.
/// </summary>
internal static class ClusterScenario
{
    private const int Tasks = 100_000;
    private const int Seed = 20_261_127;

    private static readonly TimeSpan MedianTask = TimeSpan.FromSeconds(90);

    public static async Task<IReadOnlyList<Measurement>> RunAsync() =>
    [
        await RunAsync(silos: 5, maxConcurrentJobs: 2000, sharesBudget: true),
        await RunAsync(silos: 5, maxConcurrentJobs: 2000, sharesBudget: false),
        await RunAsync(silos: 20, maxConcurrentJobs: 6000, sharesBudget: true),
    ];

    private static async Task<Measurement> RunAsync(int silos, int maxConcurrentJobs, bool sharesBudget)
    {
        var real = Stopwatch.StartNew();
        var clock = new VirtualClock();
        var service = new SimulatedService(clock, CheckBudget.MaxChecks);
        List<double> delays;
        await using (var cluster = new SimulatedCluster(service, silos, sharesBudget))
        {
            var catalog = ProcessAsync(cluster, service, silos, maxConcurrentJobs);
            await clock.RunAsync(Task.WhenAll(catalog, FailAsync(cluster, clock)));
            delays = await catalog;
        }

        delays.Sort();
        var busiest = service.MostInAMinute();
        var virtualTime = service.Now;
        return new Measurement(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Tasks} tasks, {silos} silos, {maxConcurrentJobs} concurrent jobs, "
                    + $"{(sharesBudget ? "a shared budget" : "a budget for each silo")}"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{service.Requests / virtualTime.TotalMinutes:0.0} checks a minute, {busiest} in the busiest, {service.Rejected} rejected, "
                    + $"{(double)service.TasksAskedFor / (service.Requests - service.Rejected):0} tasks a check; noticed after "
                    + $"{At(0.5):0} s (90 % {At(0.9):0}, 99 % {At(0.99):0}, at most {delays[^1]:0})"),
            string.Create(CultureInfo.InvariantCulture, $"{virtualTime.TotalMinutes:0} minutes in {real.Elapsed.TotalSeconds:0} s"),
            string.Create(CultureInfo.InvariantCulture, $"{virtualTime / real.Elapsed:0}"),
            sharesBudget ? "at most 30 a minute, none rejected" : "more than 30 a minute: why the budget is shared",
            sharesBudget ? busiest <= CheckBudget.MaxChecks && service.Rejected == 0 : busiest > CheckBudget.MaxChecks);

        double At(double share) => delays[(int)(share * (delays.Count - 1))];
    }

    /// <summary>Keeps so many tasks running until all have ended, and returns how late each end was noticed, in seconds.</summary>
    private static async Task<List<double>> ProcessAsync(
        SimulatedCluster cluster, SimulatedService service, int silos, int maxConcurrentJobs)
    {
        var random = new Random(Seed);
        var durations = new Queue<TimeSpan>(Enumerable.Range(0, Tasks).Select(_ => Duration(random)));
        var delays = new List<double>();
        await Task.WhenAll(Enumerable.Range(0, maxConcurrentJobs).Select(place => Task.Run(async () =>
        {
            while (Take() is { } duration)
            {
                var task = new SimulatedTask(service.Now, service.Now + duration);
                await cluster.WaitAsync(service.Add(task), place % silos);
                lock (delays)
                {
                    delays.Add((service.Now - task.End).TotalSeconds);
                }
            }
        })));
        return delays;

        TimeSpan? Take()
        {
            lock (durations)
            {
                return durations.TryDequeue(out var duration) ? duration : null;
            }
        }
    }

    private static async Task FailAsync(SimulatedCluster cluster, VirtualClock clock)
    {
        await Task.Delay(TimeSpan.FromMinutes(10), clock);
        await cluster.KillPollerAsync();
        await Task.Delay(TimeSpan.FromMinutes(20) - TimeSpan.FromTicks(clock.GetTimestamp()), clock);
        cluster.KillSilo(1);
        await Task.Delay(TimeSpan.FromMinutes(10), clock);
        await cluster.SplitAsync(TimeSpan.FromMinutes(3));
    }

    /// <summary>Returns a duration of a log-normal distribution: most tasks take a minute or two, and a few take ten.</summary>
    private static TimeSpan Duration(Random random)
    {
        const double Sigma = 0.8;
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return MedianTask * Math.Exp(Sigma * normal);
    }
}

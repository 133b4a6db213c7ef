using System.Globalization;

namespace LalalAi.Cluster.Tests.Processes;

/// <summary>
/// Silos that are killed and stopped, and Redis without its data. tests/evidence/cluster.sh runs them with the full numbers: LALALAI_JOBS
/// and LALALAI_KILLS.
/// </summary>
[Category("Slow")]
[Platform(Include = "Linux", Reason = "Signals, and redis-server.")]
public sealed class FailureTests
{
    private const int Seed = 20_261_126;

    private static readonly int Jobs = Setting("LALALAI_JOBS", 30);
    private static readonly int Kills = Setting("LALALAI_KILLS", 2);

    [OneTimeSetUp]
    public void RequireRedis() => Assume.That(
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(
            folder => File.Exists(Path.Combine(folder, "redis-server"))),
        "redis-server is not installed.");

    [Test]
    public async Task Killed_silos_pay_for_nothing_twice()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: 2);
        var random = new Random(Seed);
        var results = CollectAsync(cluster, Jobs);
        for (var kill = 0; kill < Kills; kill++)
        {
            var requests = cluster.Sandbox.GetReport().Requests + random.Next(5, Jobs * 2);
            await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Requests >= requests || results.IsCompleted);
            await cluster.KillSiloAsync(kill);
            await cluster.StartSiloAsync(kill + 2);
        }

        var (done, lost) = await results;
        await ReportAsync($"{Kills} kills: {done} done, {lost} lost", cluster);

        var report = cluster.Sandbox.GetReport();
        Assert.That(done + lost, Is.EqualTo(Jobs));
        Assert.That(lost, Is.LessThanOrEqualTo(4 * Kills));
        Assert.That((report.StartsRepeated, report.ChecksRefused), Is.EqualTo((0, 0)));
        Assert.That(report.ChecksInBusiestMinute, Is.LessThanOrEqualTo(CheckBudget.MaxChecks));
    }

    [Test]
    public async Task A_silo_that_stops_for_50_seconds_and_continues_pays_for_nothing_twice()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: 0.2);
        var results = CollectAsync(cluster, Jobs);
        await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Starts >= Jobs / 2);
        await cluster.SignalAsync(0, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(50), TimeProvider.System);
        await cluster.SignalAsync(0, "CONT");
        var (done, lost) = await results;
        await ReportAsync($"stopped for 50 s: {done} done, {lost} lost", cluster);

        var report = cluster.Sandbox.GetReport();
        Assert.That(done + lost, Is.EqualTo(Jobs));
        Assert.That((report.StartsRepeated, report.ChecksRefused), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Redis_that_is_away_for_15_seconds_loses_nothing()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: 0.5);
        var results = CollectAsync(cluster, Jobs);
        await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Starts >= Jobs / 2);
        await cluster.KillRedisAsync();
        await Task.Delay(TimeSpan.FromSeconds(15), TimeProvider.System);
        await cluster.StartRedisAsync();
        var (done, lost) = await results;
        await ReportAsync($"Redis away for 15 s: {done} done, {lost} lost", cluster);

        Assert.That((done, lost), Is.EqualTo((Jobs, 0)));
        Assert.That(cluster.Sandbox.GetReport().StartsRepeated, Is.Zero);
    }

    [Test]
    public async Task Redis_that_has_lost_everything_pays_for_nothing_twice()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: double.PositiveInfinity);
        await CollectAsync(cluster, Jobs);
        await cluster.WipeAsync();
        await cluster.KillSiloAsync(0);
        await cluster.KillSiloAsync(1);
        await cluster.StartSiloAsync(2);
        var (done, lost) = await CollectAsync(cluster, Jobs);
        await ReportAsync($"wiped: {done} done, {lost} lost", cluster);

        Assert.That((done, lost), Is.EqualTo((0, Jobs)));
        Assert.That(cluster.Sandbox.GetReport().StartsRepeated, Is.Zero);
    }

    private static async Task<(int Done, int Lost)> CollectAsync(ProcessCluster cluster, int jobs)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4) + (TimeSpan.FromMinutes(1) * Kills));
        await AddAsync(cluster, jobs, limit.Token);
        var counts = new Dictionary<JobState, int>();
        await foreach (var status in cluster.Catalog.WhenEachAsync(cancellationToken: limit.Token))
        {
            counts[status.State] = counts.GetValueOrDefault(status.State) + 1;
        }

        return (counts.GetValueOrDefault(JobState.Done), counts.GetValueOrDefault(JobState.Lost));
    }

    /// <summary>Adds the jobs, again if the silos have died.</summary>
    private static async Task AddAsync(ProcessCluster cluster, int jobs, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await cluster.AddAsync(jobs);
                return;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            }
        }
    }

    private static Task ReportAsync(string what, ProcessCluster cluster)
    {
        var report = cluster.Sandbox.GetReport();
        return TestContext.Out.WriteLineAsync(
            $"{Jobs} jobs, {what}; {report.Starts} starts, {report.StartsRepeated} repeated, "
                + $"busiest minute {report.ChecksInBusiestMinute}, {report.ChecksRefused} refused");
    }

    private static int Setting(string name, int value) =>
        int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{value}", CultureInfo.InvariantCulture);
}

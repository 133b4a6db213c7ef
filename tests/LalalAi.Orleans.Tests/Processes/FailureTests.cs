using System.Diagnostics;
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
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(4) + (TimeSpan.FromMinutes(1) * Kills);

    [OneTimeSetUp]
    public void RequireRedis() => RedisServer.Require();

    [Test]
    public async Task Killed_silos_pay_for_nothing_twice()
    {
        // Few jobs at a time, so that there are some left for the last kill.
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: 2, maxConcurrentJobs: 10);
        var random = new Random(Seed);
        var results = CollectAsync(cluster, Jobs);
        using var limit = new CancellationTokenSource(Limit);
        var silos = new List<int> { 0, 1 };
        var kills = 0;
        while (kills < Kills)
        {
            // A job takes at least an upload and a start: there are jobs left for the last kill.
            var requests = cluster.Sandbox.GetReport().Requests + random.Next(1, Jobs / Kills);
            await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Requests >= requests || results.IsCompleted, limit.Token);
            if (results.IsCompleted)
            {
                break;
            }

            var victim = silos[random.Next(silos.Count)];
            await cluster.KillSiloAsync(victim);
            silos.Remove(victim);
            silos.Add(kills + 2);
            await cluster.StartSiloAsync(kills + 2);
            kills++;
        }

        var (done, lost) = Count(await results);
        await ReportAsync($"{kills} kills: {done} done, {lost} lost", cluster);

        Assert.That(done + lost, Is.EqualTo(Jobs));
        Assert.That(kills, Is.EqualTo(Kills));
        Assert.That(lost, Is.LessThanOrEqualTo(4 * kills));
        AssertNothingIsPaidTwice(cluster);
    }

    [Test]
    public async Task A_killed_silo_with_the_check_grain_ends_no_wait()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: 0.2);
        var results = CollectAsync(cluster, Jobs);
        await HalfIsStartedAsync(cluster);
        var silo = await cluster.FindCheckGrainAsync();
        await cluster.KillSiloAsync(silo);
        var (done, lost) = Count(await results);
        await ReportAsync($"silo {silo} with the check grain killed: {done} done, {lost} lost", cluster);

        Assert.That(done + lost, Is.EqualTo(Jobs));
        Assert.That(lost, Is.LessThanOrEqualTo(4));
        Assert.That(await cluster.FindCheckGrainAsync(), Is.EqualTo(1 - silo));
        AssertNothingIsPaidTwice(cluster);
    }

    [Test]
    public async Task A_silo_that_stops_for_50_seconds_and_continues_pays_for_nothing_twice()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: 0.2);
        var results = CollectAsync(cluster, Jobs);
        await HalfIsStartedAsync(cluster);
        var silo = await cluster.FindCheckGrainAsync();
        await cluster.SignalAsync(silo, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(50), TimeProvider.System);
        await cluster.SignalAsync(silo, "CONT");
        var (done, lost) = Count(await results);
        await ReportAsync($"silo {silo} with the check grain stopped for 50 s: {done} done, {lost} lost", cluster);

        Assert.That(done + lost, Is.EqualTo(Jobs));
        AssertNothingIsPaidTwice(cluster);
    }

    [Test]
    public async Task Redis_that_is_away_for_15_seconds_loses_nothing()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: 0.5);
        var results = CollectAsync(cluster, Jobs);
        await HalfIsStartedAsync(cluster);
        await cluster.Redis.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(15), TimeProvider.System);
        var checks = cluster.Sandbox.GetReport().Checks;
        await cluster.Redis.RestartAsync();
        var delay = Stopwatch.StartNew();
        await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Checks > checks || results.IsCompleted);
        delay.Stop();
        var ended = await results;
        var (done, lost) = Count(ended);
        await ReportAsync(
            $"Redis away for 15 s, checks resumed after {delay.Elapsed.TotalSeconds:0.0} s: {done} done, {lost} lost", cluster);

        Assert.That((done, lost), Is.EqualTo((Jobs, 0)));
        Assert.That(ended, Has.All.Property(nameof(JobStatus.FailedAttempts)).Zero, "No wait ended.");
        AssertNothingIsPaidTwice(cluster);
    }

    [Test]
    public async Task Redis_that_has_lost_everything_pays_for_nothing_twice()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: 2, maxConcurrentJobs: 10);
        await AddAsync(cluster, Jobs);
        await HalfIsStartedAsync(cluster);
        await cluster.Redis.KillAsync();
        await cluster.KillSiloAsync(0);
        await cluster.KillSiloAsync(1);
        var started = cluster.Sandbox.GetReport().Starts;
        cluster.Redis.Wipe();
        await cluster.Redis.RestartAsync();
        await cluster.StartSiloAsync(2);
        await cluster.StartSiloAsync(3);
        var (done, lost) = Count(await CollectAsync(cluster, Jobs));
        await ReportAsync($"Redis lost all data after {started} starts: {done} done, {lost} lost", cluster);

        Assert.That(done + lost, Is.EqualTo(Jobs));
        Assert.That(lost, Is.InRange(1, started));
        AssertNothingIsPaidTwice(cluster);
    }

    [Test]
    public async Task A_catalog_without_callers_continues_on_a_new_silo()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 1, speed: 2, maxConcurrentJobs: 10);
        await AddAsync(cluster, Jobs);
        await HalfIsStartedAsync(cluster);
        await cluster.KillSiloAsync(0);
        await cluster.StartSiloAsync(1);
        using var limit = new CancellationTokenSource(Limit);
        await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Starts == Jobs, limit.Token);
        var (done, lost) = Count(await CollectAsync(cluster, Jobs));
        await ReportAsync($"all silos killed, and a new one: {done} done, {lost} lost", cluster);

        Assert.That(done + lost, Is.EqualTo(Jobs));
        Assert.That(lost, Is.LessThanOrEqualTo(4));
        AssertNothingIsPaidTwice(cluster);
    }

    private static async Task HalfIsStartedAsync(ProcessCluster cluster)
    {
        using var limit = new CancellationTokenSource(Limit);
        await TestLimit.UntilAsync(
            () => cluster.Sandbox.GetReport() is var report && report.Starts >= Jobs / 2 && report.Checks > 0, limit.Token);
    }

    private static void AssertNothingIsPaidTwice(ProcessCluster cluster)
    {
        var report = cluster.Sandbox.GetReport();
        Assert.That((report.StartsRepeated, report.ChecksRejected), Is.EqualTo((0, 0)));
        Assert.That(report.ChecksInBusiestMinute, Is.LessThanOrEqualTo(CheckBudget.MaxChecks));
    }

    private static (int Done, int Lost) Count(IReadOnlyList<JobStatus> results) =>
        (results.Count(result => result.State == JobState.Done), results.Count(result => result.State == JobState.Lost));

    private static async Task<IReadOnlyList<JobStatus>> CollectAsync(ProcessCluster cluster, int jobs)
    {
        using var limit = new CancellationTokenSource(Limit);
        await AddAsync(cluster, jobs);
        var results = new List<JobStatus>();
        await foreach (var status in cluster.Catalog.WhenEachAsync(cancellationToken: limit.Token))
        {
            results.Add(status);
        }

        return results;
    }

    /// <summary>Adds the jobs, again after a failure: a silo has died, or its connection to Redis.</summary>
    private static async Task AddAsync(ProcessCluster cluster, int jobs)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                await cluster.AddAsync(jobs);
                return;
            }
            catch (Exception) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, limit.Token);
            }
        }
    }

    private static Task ReportAsync(string what, ProcessCluster cluster)
    {
        var report = cluster.Sandbox.GetReport();
        return TestContext.Out.WriteLineAsync(
            $"{Jobs} jobs, {what}; {report.Starts} starts, {report.StartsRepeated} repeated, "
                + $"busiest minute {report.ChecksInBusiestMinute}, {report.ChecksRejected} rejected");
    }

    private static int Setting(string name, int value) =>
        int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{value}", CultureInfo.InvariantCulture);
}

using System.Diagnostics;

namespace LalalAi.Cluster.Tests.Processes;

/// <summary>
/// Silos that are killed and stopped, and Redis without its data. tests/evidence/cluster.sh runs them with the full numbers: LALALAI_JOBS
/// and LALALAI_KILLS.
/// </summary>
[Category("Slow")]
[Platform(Include = "Linux", Reason = "Signals, and redis-server.")]
public sealed class FailureTests : ProcessFixture
{
    private const int Seed = 20_261_126;

    private static readonly int Jobs = Setting("LALALAI_JOBS", 30);

    [Test]
    public async Task Killed_silos_pay_for_nothing_twice()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: Held);
        TestContext.Out.WriteLine($"Seed {Seed}");
        var random = new Random(Seed);
        var results = CollectAsync(cluster, Jobs);
        var silos = new List<int> { 0, 1 };
        var starts = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            // All kills together wait for fewer starts than there are jobs, some of which may have come already.
            starts += random.Next(1, Jobs / Kills);
            await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Starts >= starts, Limit);
            var victim = silos[random.Next(silos.Count)];
            await cluster.KillSiloAsync(victim);
            // The started tasks finish. The starts that were in flight are lost.
            cluster.Sandbox.Advance(TaskTime);
            silos.Remove(victim);
            silos.Add(kill + 2);
            await cluster.StartSiloAsync(kill + 2);
        }

        var (done, lost) = Count(await FinishAsync(cluster, results));
        await ReportAsync($"{Kills} kills: {done} done, {lost} lost", cluster);

        Assert.That(done + lost, Is.EqualTo(Jobs));
        Assert.That(lost, Is.LessThanOrEqualTo(4 * Kills));
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
    public async Task A_silo_that_stops_until_it_is_declared_dead_pays_for_nothing_twice()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: Held);
        var results = CollectAsync(cluster, Jobs);
        await HalfIsStartedAsync(cluster);
        var silo = await cluster.FindCheckGrainAsync();
        await cluster.SignalAsync(silo, "STOP");
        // One check may be in flight. More than that come only from the other silo, when the cluster has declared this one dead.
        var checks = cluster.Sandbox.GetReport().Checks + 1;
        await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Checks > checks, Limit);
        await cluster.SignalAsync(silo, "CONT");
        var (done, lost) = Count(await FinishAsync(cluster, results));
        await ReportAsync($"silo {silo} with the check grain stopped until declared dead: {done} done, {lost} lost", cluster);

        Assert.That(done + lost, Is.EqualTo(Jobs));
        AssertNothingIsPaidTwice(cluster);
    }

    [Test]
    public async Task Redis_that_is_away_for_a_while_loses_nothing()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: Held);
        var results = CollectAsync(cluster, Jobs);
        await HalfIsStartedAsync(cluster);
        await cluster.Redis.KillAsync();
        await TestLimit.UntilAsync(() => cluster.Output.Contains("Checks fail with Redis", StringComparison.Ordinal), Limit);
        var checks = cluster.Sandbox.GetReport().Checks;
        await cluster.Redis.RestartAsync();
        var delay = Stopwatch.StartNew();
        await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Checks > checks, Limit);
        delay.Stop();
        var ended = await FinishAsync(cluster, results);
        var (done, lost) = Count(ended);
        await ReportAsync(
            $"Redis away, checks resumed after {delay.Elapsed.TotalSeconds:0.0} s: {done} done, {lost} lost", cluster);

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
        await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Starts == Jobs, Limit);
        var (done, lost) = Count(await CollectAsync(cluster, Jobs));
        await ReportAsync($"all silos killed, and a new one: {done} done, {lost} lost", cluster);

        Assert.That(done + lost, Is.EqualTo(Jobs));
        Assert.That(lost, Is.LessThanOrEqualTo(4));
        AssertNothingIsPaidTwice(cluster);
    }

    private Task HalfIsStartedAsync(ProcessCluster cluster) => TestLimit.UntilAsync(
        () => cluster.Sandbox.GetReport() is var report && report.Starts >= Jobs / 2 && report.Checks > 0, Limit);

    /// <summary>Lets the tasks finish when each job has one.</summary>
    private async Task<IReadOnlyList<JobStatus>> FinishAsync(ProcessCluster cluster, Task<IReadOnlyList<JobStatus>> results)
    {
        await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Starts >= Jobs, Limit);
        AssertNothingIsPaidTwice(cluster);
        cluster.Sandbox.Advance(TaskTime);
        return await results;
    }

    private static void AssertNothingIsPaidTwice(ProcessCluster cluster)
    {
        var report = cluster.Sandbox.GetReport();
        Assert.That((report.StartsRepeated, report.ChecksRejected), Is.EqualTo((0, 0)));
        Assert.That(report.ChecksInBusiestMinute, Is.LessThanOrEqualTo(CheckBudget.MaxChecks));
    }

    private static (int Done, int Lost) Count(IReadOnlyList<JobStatus> results) =>
        (results.Count(result => result.State == JobState.Done), results.Count(result => result.State == JobState.Lost));

    private async Task<IReadOnlyList<JobStatus>> CollectAsync(ProcessCluster cluster, int jobs)
    {
        await AddAsync(cluster, jobs);
        var results = new List<JobStatus>();
        await foreach (var status in cluster.Catalog.WhenEachAsync(cancellationToken: Limit))
        {
            results.Add(status);
        }

        return results;
    }

    /// <summary>Adds the jobs, again after a failure: a silo has died, or its connection to Redis.</summary>
    private Task AddAsync(ProcessCluster cluster, int jobs) => TestLimit.UntilAsync(
        async () =>
        {
            try
            {
                await cluster.AddAsync(jobs);
                return true;
            }
            catch (Exception) when (!Limit.IsCancellationRequested)
            {
                return false;
            }
        },
        Limit);

    private static Task ReportAsync(string what, ProcessCluster cluster)
    {
        var report = cluster.Sandbox.GetReport();
        return TestContext.Out.WriteLineAsync(
            $"{Jobs} jobs, {what}; {report.Starts} starts, {report.StartsRepeated} repeated, "
                + $"busiest minute {report.ChecksInBusiestMinute}, {report.ChecksRejected} rejected");
    }
}

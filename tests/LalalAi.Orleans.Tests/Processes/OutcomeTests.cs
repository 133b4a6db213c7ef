using LalalAi.Sandbox;

namespace LalalAi.Cluster.Tests.Processes;

/// <summary>Jobs that cannot simply be done, on silos as processes: each ends as in the SDK, and costs once.</summary>
[Category("Slow")]
[Platform(Include = "Linux", Reason = "redis-server.")]
public sealed class OutcomeTests : ProcessFixture
{
    [Test]
    public async Task Each_job_has_its_state_and_reason()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: double.PositiveInfinity);
        var faults = cluster.Sandbox.Faults;
        faults.Add(Fault.LoseResponse);
        await cluster.Catalog.AddAsync([cluster.Song("lost.wav", 1)]);
        await ResultsAsync(cluster, 1);
        faults.Add(Fault.Status(429), on: SandboxOperation.Start, times: 10);
        faults.Add(Fault.Status(429), on: SandboxOperation.Check, times: 2);
        await cluster.Catalog.AddAsync(
        [
            cluster.Song("good.wav", 2), cluster.Song("fail-inference_error.wav", 3), new JobRequest("missing.wav", new DemuserPresets()),
        ]);
        await ResultsAsync(cluster, 4);
        faults.Clear();
        faults.Add(Fault.Status(503), on: SandboxOperation.Check, times: 1000);
        await cluster.Catalog.AddAsync([cluster.Song("old.wav", 4)]);
        await TestLimit.UntilAsync(() => faults.Entries.Single().Applied > 0, Limit);
        await cluster.KillSiloAsync(0);
        await cluster.KillSiloAsync(1);
        faults.Clear();
        cluster.Sandbox.Advance(TimeSpan.FromHours(25));
        await cluster.StartSiloAsync(2);
        var results = await ResultsAsync(cluster, 5);
        var report = cluster.Sandbox.GetReport();

        Assert.Multiple(() =>
        {
            AssertEnded("good.wav", JobState.Done, null);
            AssertEnded("lost.wav", JobState.Lost, "charged");
            AssertEnded("fail-inference_error.wav", JobState.Failed, "inference_error");
            AssertEnded("missing.wav", JobState.Failed, "missing.wav");
            AssertEnded("old.wav", JobState.Lost, "24 hours");
            Assert.That((report.Starts, report.StartsRepeated), Is.EqualTo((4, 0)));
            Assert.That(report.MinutesSpent, Is.EqualTo(4.0 / 60).Within(1e-9));
        });

        void AssertEnded(string name, JobState state, string? reason)
        {
            var job = results.Single(result => result.Name == name);
            Assert.That(job.State, Is.EqualTo(state), $"{name}: {job.Reason}");
            Assert.That(job.Reason, reason is null ? Is.Null : Does.Contain(reason), name);
        }
    }

    [Test]
    public async Task A_catalog_keeps_its_limit_and_continues_after_its_sources_have_expired()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, speed: double.PositiveInfinity);
        await cluster.Catalog.SetMaxMinutesAsync(20.5 / 60);
        await cluster.AddAsync(50);
        await ResultsAsync(cluster, 20);
        await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Uploads == 50, Limit);
        var paused = await cluster.Catalog.CheckAsync();
        var started = cluster.Sandbox.GetReport().Starts;
        cluster.Sandbox.Advance(TimeSpan.FromHours(25));
        await cluster.Catalog.SetMaxMinutesAsync(null);
        await cluster.Catalog.ResumeAsync();
        var results = await ResultsAsync(cluster, 50);
        var report = cluster.Sandbox.GetReport();

        Assert.That(paused, Has.Property(nameof(CatalogStatus.State)).EqualTo(CatalogState.Paused));
        Assert.That(started, Is.EqualTo(20));
        Assert.That(results, Has.All.Property(nameof(JobStatus.State)).EqualTo(JobState.Done));
        Assert.That((report.Starts, report.StartsRepeated, report.Uploads), Is.EqualTo((50, 0, 80)));
        Assert.That(report.MinutesSpent, Is.EqualTo(50.0 / 60).Within(1e-9));
    }

    private async Task<List<JobStatus>> ResultsAsync(ProcessCluster cluster, int count)
    {
        var results = new List<JobStatus>();
        await foreach (var status in cluster.Catalog.WhenEachAsync(cancellationToken: Limit))
        {
            results.Add(status);
            if (results.Count == count)
            {
                break;
            }
        }

        return results;
    }
}

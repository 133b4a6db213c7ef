using System.Collections.Concurrent;
using LalalAi.Sandbox;
using Microsoft.Extensions.Options;

namespace LalalAi.Cluster.Tests.Jobs;

/// <summary>Recordings that only some silos have.</summary>
[Category("Slow")]
public sealed class LocationTests
{
    [Test]
    public async Task A_job_is_placed_on_the_silo_that_has_its_recording()
    {
        var opened = new ConcurrentBag<string>();
        await using var cluster = await StartAsync(silos: 3, opened);
        await cluster.SilosAreKnownAsync();
        var jobs = Enumerable.Range(0, 30).Select(number => Job($"{number}", cluster.Names[number % 3]));
        await cluster.Grains.GetCatalog("spring").AddAsync(jobs);
        var results = await JobTests.ResultsAsync(cluster);

        Assert.That(results.Select(result => result.State), Is.EqualTo(Enumerable.Repeat(JobState.Done, 30)));
        Assert.That(opened, Is.EquivalentTo(Enumerable.Range(0, 30).Select(number => $"{number} at {cluster.Names[number % 3]}")));
        Assert.That(cluster.Storage.JobWrites, Has.None.Contains("at the location"), "None had to be placed again.");
    }

    [Test]
    public async Task A_job_waits_for_a_silo_that_has_its_recording()
    {
        var opened = new ConcurrentBag<string>();
        await using var cluster = await StartAsync(silos: 1, opened);
        var next = cluster.Names[0].Replace('0', '1');
        await cluster.Grains.GetJob("spring/0001").StartAsync(Job("song.wav", next));
        await TestLimit.UntilAsync(() => cluster.Storage.JobWrites.Any(json => json.Contains("at the location", StringComparison.Ordinal)));
        var waiting = await cluster.Grains.GetJob("spring/0001").CheckAsync();
        await cluster.AddSiloAsync();
        var result = (await JobTests.ResultsAsync(cluster)).Single();

        Assert.That(waiting.State, Is.EqualTo(JobState.Waiting).Or.EqualTo(JobState.Running));
        Assert.That(waiting.FailedAttempts, Is.Zero);
        Assert.That(cluster.Names, Does.Contain(next));
        Assert.That(result.State, Is.EqualTo(JobState.Done));
        Assert.That(opened, Is.EqualTo(new[] { $"song.wav at {next}" }));
    }

    [Test]
    public async Task A_job_that_is_active_on_another_silo_moves_to_the_silo_that_has_its_recording()
    {
        var opened = new ConcurrentBag<string>();
        await using var cluster = await StartAsync(silos: 2, opened);
        await cluster.SilosAreKnownAsync();
        var job = cluster.Grains.GetJob("spring/0001");
        await cluster.OnSiloAsync(1, () => cluster.Grains.GetCatalog("spring").CheckAsync());
        await cluster.OnSiloAsync(0, () => job.CheckAsync());
        await job.StartAsync(Job("song.wav", cluster.Names[1]));
        var result = (await JobTests.ResultsAsync(cluster)).Single();

        Assert.That(result.State, Is.EqualTo(JobState.Done));
        Assert.That(opened, Is.EqualTo(new[] { $"song.wav at {cluster.Names[1]}" }));
    }

    [Test]
    public async Task A_job_that_has_uploaded_its_recording_continues_on_any_silo()
    {
        var opened = new ConcurrentBag<string>();
        await using var cluster = await StartAsync(silos: 2, opened);
        await cluster.SilosAreKnownAsync();
        var stored = new TaskCompletionSource();
        cluster.Storage.AfterJobWrite = async json =>
        {
            if (JobTests.HasTask(json))
            {
                cluster.Storage.AfterJobWrite = null;
                stored.SetResult();
                await TestLimit.ForeverAsync();
            }
        };
        await cluster.Grains.GetJob("spring/0001").StartAsync(Job("song.wav", cluster.Names[1]));
        await stored.Task.SoonAsync();
        await cluster.KillSiloAsync(cluster.Names[1]);
        var result = (await JobTests.ResultsAsync(cluster)).Single();

        Assert.That(result.State, Is.EqualTo(JobState.Done));
        Assert.That(opened, Has.Count.EqualTo(1));
        Assert.That(cluster.Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_job_waits_while_none_of_several_silos_has_its_recording()
    {
        var opened = new ConcurrentBag<string>();
        await using var cluster = await StartAsync(silos: 3, opened, options => options.SweepInterval = TimeSpan.FromMilliseconds(100));
        await cluster.Grains.GetJob("spring/0001").StartAsync(Job("song.wav", "nas-9"));
        // Once more than a job is attempted.
        await TestLimit.UntilAsync(() => cluster.Storage.JobWrites.Count(IsWaiting) > new LalalAiClusterOptions().MaxAttempts);
        var status = await cluster.Grains.GetJob("spring/0001").CheckAsync();

        Assert.That(
            status,
            Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Waiting)
                .And.Property(nameof(JobStatus.Reason)).EqualTo("The recording is at the location 'nas-9'. The job waits for a silo there.")
                .And.Property(nameof(JobStatus.FailedAttempts)).Zero);
        Assert.That(opened, Is.Empty);
    }

    [Test]
    public async Task A_job_that_has_uploaded_its_recording_waits_for_its_catalog_where_it_is()
    {
        await using var cluster = await StartAsync(silos: 2, []);
        await cluster.SilosAreKnownAsync();
        var request = Job("song.wav", cluster.Names[1]) with { Name = "0001" };
        await cluster.Grains.GetCatalog("spring").SetMaxMinutesAsync(0);
        await cluster.Grains.GetCatalog("spring").AddAsync([request]);
        await TestLimit.UntilAsync(() => cluster.Storage.JobWrites.Any(IsPaused));
        await cluster.RestartAsync();
        await cluster.SilosAreKnownAsync();
        var job = cluster.Grains.GetGrain<IJobRunner>("spring/0001");
        var writes = cluster.Storage.JobWrites.Count;
        await cluster.OnSiloAsync(0, () => job.RunAsync(request));
        await TestLimit.UntilAsync(() => cluster.Storage.JobWrites.Skip(writes).Any(IsPaused));
        await TestLimit.MomentAsync(TestLimit.UntilAsync(() => cluster.SiloOf(job) == cluster.Names[1]));

        Assert.That(cluster.SiloOf(job), Is.EqualTo(cluster.Names[0]));
    }

    private static bool IsWaiting(string json) => json.Contains("\"State\":0", StringComparison.Ordinal);

    private static bool IsPaused(string json) => IsWaiting(json) && json.Contains("catalog is paused", StringComparison.Ordinal);

    private static Task<TestCluster> StartAsync(
        int silos, ConcurrentBag<string> opened, Action<LalalAiClusterOptions>? options = null) => TestCluster.StartAsync(
        silos,
        options: options,
        services: services => services.AddSingleton<IJobFiles>(provider =>
            new LocalFiles(provider.GetRequiredService<IOptions<LalalAiClusterOptions>>().Value.Location!, opened)));

    private static JobRequest Job(string source, string location) => new(source, new DemuserPresets()) { Location = location };

    /// <summary>The files of one silo. It notes which of them are opened there.</summary>
    private sealed class LocalFiles(string location, ConcurrentBag<string> opened) : IJobFiles
    {
        public Task<Stream> OpenAsync(string source, CancellationToken cancellationToken = default)
        {
            opened.Add($"{source} at {location}");
            return Task.FromResult<Stream>(new MemoryStream(SandboxSong.Create(TimeSpan.FromSeconds(1))));
        }

        public Task StoreAsync(string job, DownloadedFile track, CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}

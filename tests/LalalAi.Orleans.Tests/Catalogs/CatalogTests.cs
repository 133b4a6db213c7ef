using LalalAi.Cluster.Tests.Jobs;
using LalalAi.Sandbox;

namespace LalalAi.Cluster.Tests.Catalogs;

/// <summary>Many jobs: pages, results, the limit of minutes, pausing, canceling, and a crash of the catalog.</summary>
[Category("Slow")]
public sealed class CatalogTests
{
    [Test]
    public async Task WhenEachAsync_returns_each_result_once_and_ends()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2, options: options => options.MaxConcurrentJobs = 5);
        await cluster.Grains.GetCatalog("spring").AddAsync(cluster.Songs(12));
        var results = await JobTests.ResultsAsync(cluster);

        Assert.That(results.Select(result => result.Name), Is.EquivalentTo(Enumerable.Range(1, 12).Select(number => $"{number:0000}.wav")));
        Assert.That(results.Select(result => result.State), Has.All.EqualTo(JobState.Done));
        Assert.That(
            cluster.Sandbox.GetReport(),
            Has.Property(nameof(UsageReport.Starts)).EqualTo(12).And.Property(nameof(UsageReport.StartsRepeated)).Zero);
    }

    [Test]
    public async Task A_catalog_of_several_pages_survives_a_restart_in_its_middle()
    {
        var files = new RefusingFiles();
        await using var cluster = await TestCluster.StartAsync(
            services: services => services.AddSingleton<IJobFiles>(files), options: options => options.MaxConcurrentJobs = 100);
        var added = await cluster.Grains.GetCatalog("spring").AddAsync(Refused(1100));
        var first = (await JobTests.ResultsAsync(cluster, count: 450)).Select(result => result.Name).ToList();
        await cluster.RestartAsync();
        var addedAgain = await cluster.Grains.GetCatalog("spring").AddAsync(Refused(1110));
        var all = (await JobTests.ResultsAsync(cluster)).Select(result => result.Name).ToList();

        Assert.That((added, addedAgain), Is.EqualTo((1100, 10)));
        Assert.That(all, Is.Unique.And.Count.EqualTo(1110));
        Assert.That(all.Take(450), Is.EqualTo(first), "What was returned once stays where it was.");
    }

    [Test]
    public async Task A_page_has_only_results_that_the_catalog_has_stored()
    {
        await using var cluster =
            await TestCluster.StartAsync(services: services => services.AddSingleton<IJobFiles>(new RefusingFiles()));
        var catalog = string.Empty;
        var pages = new List<(string Catalog, string Page)>();
        cluster.Storage.BeforeCatalogWrite = json =>
        {
            catalog = json;
            return Task.CompletedTask;
        };
        cluster.Storage.BeforeResultsWrite = json =>
        {
            pages.Add((catalog, json));
            return Task.CompletedTask;
        };
        await cluster.Grains.GetCatalog("spring").AddAsync(Refused(650));
        await JobTests.ResultsAsync(cluster);

        Assert.That(pages, Has.Count.EqualTo(3));
        Assert.That(pages, Has.All.Matches<(string Catalog, string Page)>(write =>
            write.Catalog.Contains(write.Page.Trim('[', ']'), StringComparison.Ordinal)));
    }

    [Test]
    public async Task WhenEachAsync_survives_an_outage_of_the_storage()
    {
        var clock = new TestClock { SkipsDelays = true };
        await using var cluster = await TestCluster.StartAsync(
            services: services => services.AddSingleton<IJobFiles>(new RefusingFiles()), options: options => options.TimeProvider = clock);
        await cluster.Grains.GetCatalog("spring").AddAsync(Refused(250));
        await JobTests.ResultsAsync(cluster);
        var failures = 0;
        cluster.Storage.BeforeRead = name =>
        {
            if (name == "results-0" && ++failures <= 3)
            {
                throw new IOException("The storage does not answer.");
            }
        };

        Assert.That(await JobTests.ResultsAsync(cluster), Has.Count.EqualTo(250));
        Assert.That(clock.Delays, Is.EqualTo(new[] { 1, 2, 4 }.Select(seconds => TimeSpan.FromSeconds(seconds))));
    }

    [TestCase(3, 10, TestName = "MaxConcurrentJobs_limits_the_jobs_in_progress")]
    [TestCase(10, 3, TestName = "MaxConcurrentUploads_limits_the_recordings_that_are_open")]
    public async Task Jobs_are_limited(int maxConcurrentJobs, int uploads)
    {
        var files = new HoldingFiles();
        await using var cluster = await TestCluster.StartAsync(
            services: services => services.AddSingleton<IJobFiles>(files),
            options: options => (options.MaxConcurrentJobs, options.MaxConcurrentUploads) = (maxConcurrentJobs, uploads));
        await cluster.Grains.GetCatalog("spring").AddAsync(Refused(10));
        await files.HeldAsync(3);

        Assert.That(
            await cluster.Grains.GetCatalog("spring").CheckAsync(),
            Has.Property(nameof(CatalogStatus.InProgress)).EqualTo(maxConcurrentJobs));
        files.Release();
        Assert.That(await JobTests.ResultsAsync(cluster), Has.Count.EqualTo(10));
        Assert.That(files.MostHeld, Is.EqualTo(3));
    }

    [Test]
    public async Task MaxConcurrentStarts_limits_the_starts_that_a_crash_can_lose()
    {
        await using var cluster = await TestCluster.StartAsync();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fifth = new TaskCompletionSource();
        var starting = 0;
        cluster.Storage.AfterJobWrite = async json =>
        {
            if (JobTests.HasKey(json) && !JobTests.HasTask(json))
            {
                if (Interlocked.Increment(ref starting) > 4)
                {
                    fifth.TrySetResult();
                }

                await released.Task;
            }
        };
        await cluster.Grains.GetCatalog("spring").AddAsync(cluster.Songs(10));
        await TestLimit.UntilAsync(() => cluster.Sandbox.GetReport().Uploads == 10 && Volatile.Read(ref starting) >= 4);
        await TestLimit.MomentAsync(fifth.Task);

        Assert.That(starting, Is.EqualTo(4));
        released.SetResult();
        Assert.That(
            await JobTests.ResultsAsync(cluster), Has.Count.EqualTo(10).And.All.Property(nameof(JobStatus.State)).EqualTo(JobState.Done));
    }

    [Test]
    public async Task MaxMinutes_is_never_exceeded_and_pauses_the_catalog()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2, options: options => options.MaxMinutes = 20.5 / 60);
        var catalog = cluster.Grains.GetCatalog("spring");
        await catalog.AddAsync(cluster.Songs(30));
        await JobTests.ResultsAsync(cluster, count: 20);
        var paused = await catalog.CheckAsync();

        Assert.That(cluster.Sandbox.GetReport().Starts, Is.EqualTo(20));
        Assert.That(paused.State, Is.EqualTo(CatalogState.Paused));
        Assert.That(paused.Reason, Does.Contain("Raise the limit"));
        Assert.That(paused.Minutes, Is.EqualTo(20.0 / 60).Within(1e-9));

        await catalog.SetMaxMinutesAsync(null);
        await catalog.ResumeAsync();
        Assert.That(
            await JobTests.ResultsAsync(cluster), Has.Count.EqualTo(30).And.All.Property(nameof(JobStatus.State)).EqualTo(JobState.Done));
    }

    [Test]
    public async Task Catalog_pauses_and_fails_no_job_without_minutes()
    {
        await using var cluster = await TestCluster.StartAsync(sandbox: new SandboxOptions { MinutesPerLicense = 3.0 / 60 });
        var catalog = cluster.Grains.GetCatalog("spring");
        await catalog.AddAsync(cluster.Songs(5));
        await JobTests.ResultsAsync(cluster, count: 3);
        await TestLimit.UntilAsync(() => cluster.Log.Lines.Any(line => line.Contains("is paused", StringComparison.Ordinal)));

        Assert.That(
            await catalog.CheckAsync(),
            Has.Property(nameof(CatalogStatus.State)).EqualTo(CatalogState.Paused).And.Property(nameof(CatalogStatus.Failed)).Zero);
        await cluster.Sandbox.SeedAsync(new SandboxSeed { MinutesLeft = 1 });
        await catalog.ResumeAsync();
        Assert.That(
            await JobTests.ResultsAsync(cluster), Has.Count.EqualTo(5).And.All.Property(nameof(JobStatus.State)).EqualTo(JobState.Done));
    }

    [Test]
    public async Task PauseAsync_starts_nothing_further()
    {
        var files = new HoldingFiles();
        await using var cluster = await TestCluster.StartAsync(services: services => services.AddSingleton<IJobFiles>(files));
        var catalog = cluster.Grains.GetCatalog("spring");
        await catalog.AddAsync([new JobRequest("song.wav", new DemuserPresets())]);
        await files.HeldAsync(1);
        await catalog.PauseAsync();
        files.Content = SandboxSong.Create(TimeSpan.FromSeconds(1));
        files.Release();
        await TestLimit.UntilAsync(() => cluster.Storage.JobWrites.Last().Contains("\"State\":0", StringComparison.Ordinal));

        Assert.That(
            cluster.Sandbox.GetReport(),
            Has.Property(nameof(UsageReport.Uploads)).EqualTo(1).And.Property(nameof(UsageReport.Starts)).Zero);
        await catalog.ResumeAsync();
        Assert.That((await JobTests.ResultsAsync(cluster)).Single().State, Is.EqualTo(JobState.Done));
        Assert.That(cluster.Sandbox.GetReport().Uploads, Is.EqualTo(1));
    }

    [Test]
    public async Task A_paused_catalog_completes_a_task_that_StartAgainAsync_finds()
    {
        await using var cluster = await JobTests.LoseTaskAsync();
        var catalog = cluster.Grains.GetCatalog("spring");
        await catalog.PauseAsync();
        var before = await catalog.CheckAsync();
        await cluster.Grains.GetJob("spring/0001").StartAgainAsync();

        Assert.That((await JobTests.ResultsAsync(cluster)).Last().State, Is.EqualTo(JobState.Done));
        Assert.That(await catalog.CheckAsync(), Is.EqualTo(before with { Lost = 0, Done = 1 }));
    }

    [Test]
    public async Task CancelAsync_ends_every_job()
    {
        var files = new HoldingFiles();
        await using var cluster = await TestCluster.StartAsync(
            services: services => services.AddSingleton<IJobFiles>(files), options: options => options.MaxConcurrentJobs = 3);
        var catalog = cluster.Grains.GetCatalog("spring");
        await catalog.AddAsync(Refused(10));
        await files.HeldAsync(3);
        await catalog.CancelAsync();
        var results = await JobTests.ResultsAsync(cluster);

        Assert.That(results.Select(result => result.State), Is.EqualTo(Enumerable.Repeat(JobState.Canceled, 3)));
        Assert.That(() => catalog.ResumeAsync(), Throws.InvalidOperationException);
        Assert.That(() => catalog.AddAsync(Refused(1)), Throws.InvalidOperationException);
    }

    [Test]
    public async Task A_replaced_catalog_stores_nothing_more()
    {
        await using var cluster = await TestCluster.StartAsync();
        var catalog = cluster.Grains.GetCatalog("spring");
        await catalog.SetMaxMinutesAsync(1);
        var writing = new TaskCompletionSource();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Storage.BeforeCatalogWrite = async _ =>
        {
            cluster.Storage.BeforeCatalogWrite = null;
            writing.SetResult();
            await released.Task;
        };
        var first = catalog.SetMaxMinutesAsync(2);
        await writing.Task.SoonAsync();
        var second = catalog.SetMaxMinutesAsync(3);
        while ((await catalog.CheckAsync()).MaxMinutes != 3)
        {
            await Task.Yield();
        }

        cluster.Storage.Change("catalog", stored => stored.Replace("\"MaxMinutes\":1", "\"MaxMinutes\":4", StringComparison.Ordinal));
        released.SetResult();
        await Task.WhenAll(first, second).SoonAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await TestLimit.UntilAsync(() => !cluster.IsActive(catalog));

        Assert.That(await catalog.CheckAsync(), Has.Property(nameof(CatalogStatus.MaxMinutes)).EqualTo(4));
        Assert.That(() => first, Throws.InstanceOf<OrleansException>());
        Assert.That(() => second, Throws.InstanceOf<OrleansException>());
    }

    [Test]
    public async Task A_replaced_catalog_does_not_replace_the_jobs_of_its_successor()
    {
        await using var cluster = await TestCluster.StartAsync(
            services: services => services.AddSingleton<IJobFiles>(new RefusingFiles()));
        var catalog = cluster.Grains.GetCatalog("spring");
        await catalog.AddAsync(Refused(1));
        await JobTests.ResultsAsync(cluster);
        cluster.Storage.Change("requests-0", stored => stored.Replace("0001.wav", "0002.wav", StringComparison.Ordinal));

        Assert.That(() => catalog.AddAsync(Refused(2)), Throws.InstanceOf<OrleansException>());
        await TestLimit.UntilAsync(() => !cluster.IsActive(catalog));
        Assert.That(await catalog.AddAsync(Refused(2)), Is.EqualTo(1), "The successor has the second job.");
    }

    [Test]
    public async Task A_job_of_a_replaced_catalog_is_not_taken_over()
    {
        var clock = new TestClock { SkipsDelays = true };
        await using var cluster = await TestCluster.StartAsync(options: options => options.TimeProvider = clock);
        cluster.Storage.BeforeCatalogWrite = json =>
        {
            // The reservation of the job.
            if (json.Contains("\"Running\":{\"0\":0.", StringComparison.Ordinal))
            {
                cluster.Storage.BeforeCatalogWrite = null;
                cluster.Storage.Change("catalog", stored => stored + " ");
            }

            return Task.CompletedTask;
        };
        var status = await JobTests.RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(
            status, Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Done).And.Property(nameof(JobStatus.FailedAttempts)).Zero);
        Assert.That(cluster.Storage.BeforeCatalogWrite, Is.Null);
        Assert.That(cluster.Log.Lines, Has.None.Contains("was taken over"));
    }

    [Test]
    public async Task AddAsync_adds_nothing_if_the_reminder_cannot_be_registered()
    {
        await using var cluster = await TestCluster.StartAsync(
            services: services => services.AddSingleton<IJobFiles>(new RefusingFiles()));
        var catalog = cluster.Grains.GetCatalog("spring");
        cluster.Reminders.BeforeRegister = () => throw new IOException("The table is not available.");

        Assert.That(() => catalog.AddAsync(Refused(3)), Throws.Exception);
        Assert.That(await catalog.CheckAsync(), Has.Property(nameof(CatalogStatus.Jobs)).Zero);
        cluster.Reminders.BeforeRegister = null;
        Assert.That(await catalog.AddAsync(Refused(3)), Is.EqualTo(3));
        Assert.That(await JobTests.ResultsAsync(cluster), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task CompleteAsync_succeeds_if_the_reminder_cannot_be_unregistered()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Reminders.BeforeUnregister = () => throw new IOException("The table is not available.");
        var status = await JobTests.RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(() => cluster.Grains.GetGrain<ICatalogLedger>("spring").CompleteAsync(status), Throws.Nothing);
        Assert.That(cluster.Reminders.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task A_complete_catalog_unregisters_a_reminder_that_is_left_over()
    {
        await using var cluster = await TestCluster.StartAsync();
        var failed = new TaskCompletionSource();
        cluster.Reminders.BeforeUnregister = () =>
        {
            failed.TrySetResult();
            throw new IOException("The table is not available.");
        };
        await JobTests.RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));
        await failed.Task.SoonAsync();
        cluster.Reminders.BeforeUnregister = null;
        await cluster.Grains.GetCatalog("spring").AsReference<IRemindable>().ReceiveReminder("sweep", default);

        Assert.That(cluster.Reminders.Count, Is.Zero);
    }

    [Test]
    public async Task A_reminder_is_not_unregistered_while_jobs_are_added()
    {
        var clock = new TestClock();
        var files = new HoldingFiles();
        await using var cluster = await TestCluster.StartAsync(
            services: services => services.AddSingleton<IJobFiles>(files), options: options => options.TimeProvider = clock);
        cluster.Storage.BeforeRead = name =>
        {
            if (name == "requests-0")
            {
                cluster.Storage.BeforeRead = null;
                throw new IOException("The storage does not respond.");
            }
        };
        var catalog = cluster.Grains.GetCatalog("spring");
        var adding = catalog.AddAsync(Refused(1));
        await clock.DelayBeginsAsync(TimeSpan.FromSeconds(1));
        var reminding = catalog.AsReference<IRemindable>().ReceiveReminder("sweep", default);
        await TestLimit.MomentAsync(reminding);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(adding, reminding).SoonAsync();
        await files.HeldAsync(1);

        Assert.That(cluster.Reminders.Count, Is.EqualTo(1));
    }

    private static IEnumerable<JobRequest> Refused(int count) =>
        Enumerable.Range(1, count).Select(number => new JobRequest($"{number:0000}.wav", new DemuserPresets()));

    /// <summary>Has no files: each job fails at once, without a request to the service.</summary>
    private class RefusingFiles : IJobFiles
    {
        public virtual Task<Stream> OpenAsync(string source, CancellationToken cancellationToken = default) =>
            throw new ArgumentException("The file does not exist.");

        public Task StoreAsync(string job, DownloadedFile track, CancellationToken cancellationToken = default) => Task.CompletedTask;
    }

    /// <summary>Holds each file until the test releases all.</summary>
    private sealed class HoldingFiles : RefusingFiles
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _held;
        private int _mostHeld;

        public byte[]? Content { get; set; }

        public int MostHeld => _mostHeld;

        public Task HeldAsync(int count) => TestLimit.UntilAsync(() => Volatile.Read(ref _held) == count);

        public void Release() => _released.SetResult();

        public override async Task<Stream> OpenAsync(string source, CancellationToken cancellationToken = default)
        {
            _mostHeld = Math.Max(_mostHeld, Interlocked.Increment(ref _held));
            try
            {
                await _released.Task.WaitAsync(cancellationToken);
                return Content is null ? await base.OpenAsync(source, cancellationToken) : new MemoryStream(Content);
            }
            finally
            {
                Interlocked.Decrement(ref _held);
            }
        }
    }
}

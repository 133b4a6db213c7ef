using System.Text.RegularExpressions;
using LalalAi.Sandbox;

namespace LalalAi.Cluster.Tests.Jobs;

/// <summary>One job: the order of its steps around the paid call, and its result after a failure.</summary>
[Category("Slow")]
public sealed partial class JobTests
{
    [Test]
    public async Task Job_creates_tracks_from_a_file()
    {
        await using var cluster = await TestCluster.StartAsync();
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(status, Is.EqualTo(status with { Name = "0001", State = JobState.Done, Reason = null }));
        Assert.That(status.Tracks, Is.EqualTo(new[] { "vocals", "no_vocals" }));
        Assert.That(Directory.GetFiles(Path.Combine(cluster.Tracks, "spring", "0001")), Has.Length.EqualTo(2));
        Assert.That(await cluster.Grains.GetJob("spring/0001").CheckAsync(), Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Done));
    }

    [Test]
    public async Task A_job_that_is_started_twice_is_paid_for_once()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2);
        var song = cluster.Song("0001.wav");
        await RunAsync(cluster, "spring/0001", song);
        await cluster.Grains.GetJob("spring/0001").StartAsync(song);

        Assert.That(await ResultsAsync(cluster), Has.Count.EqualTo(1));
        Assert.That(cluster.Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task The_key_is_stored_before_the_start_is_sent()
    {
        await using var cluster = await TestCluster.StartAsync();
        var starts = new List<(bool HasKey, bool HasTask, int Starts)>();
        cluster.Storage.BeforeJobWrite = json =>
        {
            starts.Add((HasKey(json), HasTask(json), cluster.Sandbox.GetReport().Starts));
            return Task.CompletedTask;
        };
        await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(starts.Where(write => write is { HasKey: true, HasTask: false }), Is.EqualTo(new[] { (true, false, 0) }));
    }

    [Test]
    public async Task A_conflict_before_the_start_sends_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.SweepInterval = TimeSpan.FromHours(1));
        var refused = new TaskCompletionSource();
        cluster.Storage.BeforeJobWrite = json =>
        {
            if (HasKey(json))
            {
                cluster.Storage.BeforeJobWrite = null;
                cluster.Storage.Change("job", stored => stored + " ");
                refused.SetResult();
            }

            return Task.CompletedTask;
        };
        await cluster.Grains.GetJob("spring/0001").StartAsync(cluster.Song("0001.wav"));
        await refused.Task.SoonAsync();
        await TestLimit.UntilAsync(() =>
            cluster.Log.Lines.Any(line => line.Contains("was taken over", StringComparison.Ordinal)) || cluster.Sandbox.GetReport().Starts > 0);

        Assert.That(cluster.Sandbox.GetReport().Starts, Is.Zero);
    }

    [Test]
    public async Task A_job_that_was_taken_over_is_finished_once()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Storage.BeforeJobWrite = json =>
        {
            if (HasKey(json))
            {
                cluster.Storage.BeforeJobWrite = null;
                cluster.Storage.Change("job", stored => stored + " ");
            }

            return Task.CompletedTask;
        };
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(status.State, Is.EqualTo(JobState.Done));
        Assert.That(cluster.Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_cluster_that_dies_between_key_and_start_resumes_with_the_same_key()
    {
        await using var cluster = await TestCluster.StartAsync();
        var stored = new TaskCompletionSource();
        cluster.Storage.AfterJobWrite = json => HasKey(json) ? HoldAsync(stored) : Task.CompletedTask;
        await cluster.Grains.GetJob("spring/0001").StartAsync(cluster.Song("0001.wav"));
        await stored.Task.SoonAsync();
        cluster.Storage.AfterJobWrite = null;
        await cluster.RestartAsync();
        var result = await ResultsAsync(cluster);

        Assert.That(result.Single().State, Is.EqualTo(JobState.Done));
        Assert.That(cluster.Storage.JobWrites.Select(KeyOf).OfType<string>().Distinct(), Has.One.Items);
        Assert.That(
            cluster.Sandbox.GetReport(),
            Has.Property(nameof(UsageReport.Starts)).EqualTo(1).And.Property(nameof(UsageReport.StartsRepeated)).Zero);
    }

    [Test]
    public async Task A_lost_answer_to_a_start_is_reported_and_not_paid_again()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Sandbox.Faults.Add("lose-response");
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(
            status, Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Lost).And.Property(nameof(JobStatus.Minutes)).GreaterThan(0));
        Assert.That(status.Reason, Does.Contain("charged"));
        AssertPaidOnce(cluster);
    }

    [Test]
    public async Task Storage_that_has_lost_everything_does_not_cause_a_second_payment()
    {
        await using var cluster = await TestCluster.StartAsync();
        var song = cluster.Song("0001.wav");
        await RunAsync(cluster, "spring/0001", song);
        cluster.Storage.Wipe();
        await cluster.RestartAsync();
        var status = await RunAsync(cluster, "spring/0001", song);

        Assert.That(status.State, Is.EqualTo(JobState.Lost));
        Assert.That(cluster.Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_lost_job_is_started_again_only_by_a_person()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Sandbox.Faults.Add("lose-response");
        await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));
        await cluster.Grains.GetJob("spring/0001").StartAgainAsync();
        var results = await ResultsAsync(cluster, count: 2);

        Assert.That(results.Select(result => result.State), Is.EqualTo(new[] { JobState.Lost, JobState.Done }));
        Assert.That(cluster.Sandbox.GetReport().Starts, Is.EqualTo(2));
        Assert.That(
            await cluster.Grains.GetCatalog("spring").CheckAsync(),
            Has.Property(nameof(CatalogStatus.Lost)).Zero.And.Property(nameof(CatalogStatus.Done)).EqualTo(1));
    }

    [Test]
    public async Task A_failed_job_of_a_canceled_catalog_is_not_started_again()
    {
        await using var cluster = await TestCluster.StartAsync();
        await RunAsync(cluster, "spring/fail-inference_error.wav", cluster.Song("fail-inference_error.wav"));
        await cluster.Grains.GetCatalog("spring").CancelAsync();
        var job = cluster.Grains.GetJob("spring/fail-inference_error.wav");

        Assert.That(() => job.StartAgainAsync(), Throws.InvalidOperationException.With.Message.Contains("was canceled"));
        Assert.That(await job.CheckAsync(), Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Failed));
    }

    [Test]
    public async Task A_canceled_job_is_not_started_again()
    {
        var clock = new TestClock();
        await using var cluster = await TestCluster.StartAsync(options: options => options.TimeProvider = clock);
        var job = cluster.Grains.GetJob("spring/0001");
        await job.StartAsync(new JobRequest("missing.wav", new DemuserPresets()));
        await clock.DelayBeginsAsync(TimeSpan.FromSeconds(5));
        await cluster.Grains.GetCatalog("spring").CancelAsync();
        await ResultsAsync(cluster);

        Assert.That(() => job.StartAgainAsync(), Throws.InvalidOperationException.With.Message.Contains("Only one that failed or is lost"));
        Assert.That(await job.CheckAsync(), Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Canceled));
    }

    [Test]
    public async Task A_job_whose_second_start_was_not_stored_has_its_old_result_and_price()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Sandbox.Faults.Add("lose-response");
        await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));
        var before = await cluster.Grains.GetCatalog("spring").CheckAsync();
        var writing = new TaskCompletionSource();
        cluster.Storage.BeforeJobWrite = _ => HoldAsync(writing);
        _ = cluster.Grains.GetJob("spring/0001").StartAgainAsync();
        await writing.Task.SoonAsync();
        cluster.Storage.BeforeJobWrite = null;
        await cluster.RestartAsync();
        var results = await ResultsAsync(cluster);

        Assert.That(results.Select(result => result.State), Is.EqualTo(new[] { JobState.Lost, JobState.Lost }));
        Assert.That(await cluster.Grains.GetCatalog("spring").CheckAsync(), Is.EqualTo(before));
        AssertPaidOnce(cluster);
    }

    [Test]
    public async Task Both_charges_of_a_job_that_is_started_again_before_its_result_arrived_are_counted()
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.SweepInterval = TimeSpan.FromHours(1));
        cluster.Sandbox.Faults.Add("lose-response");
        var replaced = new TaskCompletionSource();
        cluster.Storage.BeforeCatalogWrite = json =>
        {
            if (json.Contains("\"Lost\":[0]", StringComparison.Ordinal))
            {
                cluster.Storage.BeforeCatalogWrite = null;
                cluster.Storage.Change("catalog", stored => stored + " ");
                replaced.SetResult();
            }

            return Task.CompletedTask;
        };
        var job = cluster.Grains.GetJob("spring/0001");
        await job.StartAsync(cluster.Song("0001.wav"));
        await replaced.Task.SoonAsync();
        await TestLimit.UntilAsync(() => !cluster.IsActive(cluster.Grains.GetCatalog("spring")));
        await job.StartAgainAsync();
        var results = await ResultsAsync(cluster);

        Assert.That(results.Select(result => result.State), Is.EqualTo(new[] { JobState.Lost, JobState.Done }));
        Assert.That(
            await cluster.Grains.GetCatalog("spring").CheckAsync(), Has.Property(nameof(CatalogStatus.Minutes)).EqualTo(2.0 / 60).Within(1e-9));
    }

    [Test]
    public async Task StartAgainAsync_changes_nothing_if_the_reminder_cannot_be_registered()
    {
        await using var cluster = await TestCluster.StartAsync();
        await RunAsync(cluster, "spring/fail-inference_error.wav", cluster.Song("fail-inference_error.wav"));
        var job = cluster.Grains.GetJob("spring/fail-inference_error.wav");
        cluster.Reminders.BeforeRegister = () => throw new IOException("The table is not available.");

        Assert.That(() => job.StartAgainAsync(), Throws.Exception);
        Assert.That(await job.CheckAsync(), Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Failed));
        Assert.That(
            await cluster.Grains.GetCatalog("spring").CheckAsync(),
            Has.Property(nameof(CatalogStatus.Failed)).EqualTo(1).And.Property(nameof(CatalogStatus.InProgress)).Zero);
    }

    [Test]
    public async Task Job_with_a_task_ID_is_not_lost()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Storage.BeforeJobWrite = json =>
        {
            if (HasTask(json))
            {
                // Another activation has resumed the same start meanwhile, and its key was used.
                cluster.Storage.BeforeJobWrite = null;
                cluster.Storage.Change("job", stored => stored.Replace("\"State\":1", "\"State\":4", StringComparison.Ordinal));
            }

            return Task.CompletedTask;
        };
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(status, Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Done).And.Property(nameof(JobStatus.TaskId)).Not.Null);
    }

    [Test]
    public async Task A_job_survives_an_outage_of_the_storage()
    {
        var clock = new TestClock { SkipsDelays = true };
        await using var cluster = await TestCluster.StartAsync(options: options => options.TimeProvider = clock);
        var failures = 0;
        cluster.Storage.BeforeJobWrite = json =>
            HasKey(json) && failures++ % 4 != 3 ? throw new TimeoutException("The storage does not answer.") : Task.CompletedTask;
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(status.State, Is.EqualTo(JobState.Done));
        Assert.That(clock.Delays, Is.SupersetOf(new[] { 1, 2, 4 }.Select(seconds => TimeSpan.FromSeconds(seconds))));
        Assert.That(cluster.Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_task_that_fails_ends_its_job_and_no_other()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Grains.GetCatalog("spring").AddAsync([cluster.Song("fail-inference_error.wav"), cluster.Song("good.wav")]);
        var results = (await ResultsAsync(cluster)).ToDictionary(result => result.Name);

        Assert.That(results["fail-inference_error.wav"].State, Is.EqualTo(JobState.Failed));
        Assert.That(results["fail-inference_error.wav"].Reason, Does.Contain("inference_error"));
        Assert.That(results["good.wav"].State, Is.EqualTo(JobState.Done));
    }

    [Test]
    public async Task A_job_that_always_fails_ends_after_its_attempts_with_the_reason()
    {
        var clock = new TestClock { SkipsDelays = true };
        await using var cluster = await TestCluster.StartAsync(options: options => options.TimeProvider = clock);
        var status = await RunAsync(cluster, "spring/0001", new JobRequest("missing.wav", new DemuserPresets()));

        Assert.That(
            status,
            Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Failed).And.Property(nameof(JobStatus.FailedAttempts)).EqualTo(5));
        Assert.That(status.Reason, Does.Contain("missing.wav"));
        Assert.That(clock.Delays, Is.EqualTo(new[] { 5, 10, 20, 40 }.Select(seconds => TimeSpan.FromSeconds(seconds))));
    }

    [Test]
    public async Task An_outage_of_the_service_is_not_an_attempt()
    {
        var clock = new TestClock { SkipsDelays = true };
        await using var cluster = await TestCluster.StartAsync(
            client: options => options.MaxRetries = 0, options: options => options.TimeProvider = clock);
        cluster.Sandbox.Faults.Add(Fault.Status(503), on: SandboxOperation.Upload, times: 20);
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(
            status, Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Done).And.Property(nameof(JobStatus.FailedAttempts)).Zero);
    }

    [TestCase("status=503")]
    [TestCase("status=404")]
    [TestCase("html")]
    public async Task An_outage_of_the_downloads_is_not_an_attempt(string fault)
    {
        var clock = new TestClock { SkipsDelays = true };
        await using var cluster = await TestCluster.StartAsync(
            client: options => options.MaxRetries = 0, options: options => options.TimeProvider = clock);
        cluster.Sandbox.Faults.Add($"{fault};on=download;times=30");
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(
            status, Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Done).And.Property(nameof(JobStatus.FailedAttempts)).Zero);
        AssertPaidOnce(cluster);
    }

    [TestCase(typeof(IOException))]
    [TestCase(typeof(ArgumentException))]
    public async Task An_outage_of_the_track_store_is_not_an_attempt(Type failure)
    {
        var clock = new TestClock { SkipsDelays = true };
        var files = new FailingFiles { Failure = stores => stores <= 10 ? (Exception)Activator.CreateInstance(failure)! : null };
        await using var cluster = await TestCluster.StartAsync(
            options: options => options.TimeProvider = clock, services: services => services.AddSingleton<IJobFiles>(files));
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(status, Is.EqualTo(status with { State = JobState.Done, Reason = null, FailedAttempts = 0 }));
        Assert.That(clock.Delays.Max(), Is.EqualTo(TimeSpan.FromMinutes(1)));
        AssertPaidOnce(cluster);
    }

    [Test]
    public async Task A_job_is_done_although_its_folder_cannot_be_deleted()
    {
        // A store that moves tracks may delete the folder as well.
        var files = new FailingFiles();
        files.Stored = track =>
        {
            if (files.Stores == 2)
            {
                Directory.Delete(Path.GetDirectoryName(track.Path)!, recursive: true);
            }
        };
        await using var cluster = await TestCluster.StartAsync(services: services => services.AddSingleton<IJobFiles>(files));
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That((status.State, files.Stores), Is.EqualTo((JobState.Done, 2)), status.Reason);
        Assert.That(cluster.Log.Lines, Has.Some.Contain("could not be deleted"));
    }

    [Test]
    public async Task A_job_whose_tracks_are_never_stored_ends_with_its_task()
    {
        var clock = new TestClock { SkipsDelays = true };
        var files = new FailingFiles();
        await using var cluster = await TestCluster.StartAsync(
            options: options => options.TimeProvider = clock, services: services => services.AddSingleton<IJobFiles>(files));
        files.Failure = stores =>
        {
            if (stores == 10)
            {
                cluster.Sandbox.Advance(TimeSpan.FromHours(25));
            }

            return new UnauthorizedAccessException("Access to the bucket is denied.");
        };
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(status.State, Is.EqualTo(JobState.Lost));
        Assert.That(status.Reason, Does.Contain("24 hours"));
        AssertPaidOnce(cluster);
    }

    [Test]
    public async Task A_job_that_is_retried_shows_the_reason_and_can_be_canceled()
    {
        var clock = new TestClock();
        var files = new FailingFiles { Failure = _ => new UnauthorizedAccessException("Access to the bucket is denied.") };
        await using var cluster = await TestCluster.StartAsync(
            options: options => options.TimeProvider = clock, services: services => services.AddSingleton<IJobFiles>(files));
        var job = cluster.Grains.GetJob("spring/0001");
        await job.StartAsync(cluster.Song("0001.wav"));
        await clock.DelayBeginsAsync(TimeSpan.FromSeconds(5));
        var retried = await job.CheckAsync();
        await cluster.Grains.GetCatalog("spring").CancelAsync();

        Assert.That(retried.State, Is.EqualTo(JobState.Running));
        Assert.That(retried.Reason, Is.EqualTo("Access to the bucket is denied."));
        Assert.That((await ResultsAsync(cluster)).Single().State, Is.EqualTo(JobState.Canceled));
    }

    [Test]
    public async Task An_internal_error_of_the_service_is_an_attempt()
    {
        var clock = new TestClock { SkipsDelays = true };
        await using var cluster = await TestCluster.StartAsync(
            client: options => options.MaxRetries = 0, options: options => options.TimeProvider = clock);
        cluster.Sandbox.Faults.Add("status=400;code=internal_error;on=upload;times=2");
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(
            status,
            Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Done).And.Property(nameof(JobStatus.FailedAttempts)).EqualTo(2));
    }

    [Test]
    public async Task A_start_that_is_rejected_with_429_is_retried_and_paid_for_once()
    {
        var clock = new TestClock { SkipsDelays = true };
        await using var cluster = await TestCluster.StartAsync(
            client: options => options.MaxRetries = 0, options: options => options.TimeProvider = clock);
        cluster.Sandbox.Faults.Add(Fault.Status(429), on: SandboxOperation.Start, times: 6);
        var status = await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(
            status, Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Done).And.Property(nameof(JobStatus.FailedAttempts)).Zero);
        Assert.That(clock.Delays, Is.EqualTo(new[] { 5, 10, 20, 40, 60, 60 }.Select(seconds => TimeSpan.FromSeconds(seconds))));
        Assert.That(cluster.Sandbox.GetReport().Uploads, Is.EqualTo(1));
        AssertPaidOnce(cluster);
    }

    [Test]
    public async Task A_source_that_has_expired_before_its_start_is_uploaded_again()
    {
        await using var cluster = await TestCluster.StartAsync();
        var stored = new TaskCompletionSource();
        cluster.Storage.BeforeJobWrite = json => HasKey(json) ? HoldAsync(stored) : Task.CompletedTask;
        await cluster.Grains.GetJob("spring/0001").StartAsync(cluster.Song("0001.wav"));
        await stored.Task.SoonAsync();
        cluster.Storage.BeforeJobWrite = null;
        cluster.Sandbox.Advance(TimeSpan.FromHours(25));
        await cluster.RestartAsync();

        Assert.That((await ResultsAsync(cluster)).Single().State, Is.EqualTo(JobState.Done));
        Assert.That(cluster.Sandbox.GetReport().Uploads, Is.EqualTo(2));
        AssertPaidOnce(cluster);
    }

    [TestCase(MissingTaskResponse.ServerError, "24 hours")]
    [TestCase(MissingTaskResponse.NotFound, "Failed to extract information about task")]
    public async Task A_task_that_is_older_than_a_day_is_lost_with_its_reason(MissingTaskResponse response, string reason)
    {
        await using var cluster = await StartAndRestartAsync(
            cluster => cluster.Sandbox.Advance(TimeSpan.FromHours(25)), new SandboxBehavior { ExpiredTask = response });
        var status = (await ResultsAsync(cluster)).Single();

        Assert.That(status.State, Is.EqualTo(JobState.Lost));
        Assert.That(status.Reason, Does.Contain(reason));
        AssertPaidOnce(cluster);

        await cluster.Grains.GetJob("spring/0001").StartAgainAsync();
        Assert.That((await ResultsAsync(cluster)).Last().State, Is.EqualTo(JobState.Done));
        Assert.That(cluster.Sandbox.GetReport().Starts, Is.EqualTo(2));
    }

    [Test]
    public async Task Lookups_that_fail_for_a_while_do_not_lose_a_task()
    {
        await using var cluster = await StartAndRestartAsync(
            cluster => cluster.Sandbox.Faults.Add(Fault.LookupError, on: SandboxOperation.Check, times: 10));
        var status = (await ResultsAsync(cluster)).Single();

        Assert.That(
            status, Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Done).And.Property(nameof(JobStatus.FailedAttempts)).EqualTo(2));
        AssertPaidOnce(cluster);
    }

    [Test]
    public async Task Failed_attempts_before_the_start_do_not_count_as_lookups()
    {
        await using var cluster = await StartAndRestartAsync(
            cluster => cluster.Sandbox.Faults.Add(Fault.LookupError, on: SandboxOperation.Check, times: 4),
            beforeStart: cluster => cluster.Sandbox.Faults.Add("status=400;code=internal_error;on=upload;times=4"));
        var status = (await ResultsAsync(cluster)).Single();

        Assert.That(
            status, Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Done).And.Property(nameof(JobStatus.FailedAttempts)).EqualTo(5));
        AssertPaidOnce(cluster);
    }

    [Test]
    public async Task A_job_whose_work_folder_cannot_be_created_ends_with_its_task()
    {
        string? folder = null;
        await using var cluster = await StartAndRestartAsync(
            cluster =>
            {
                cluster.Sandbox.Advance(TimeSpan.FromHours(25));
                // A file.
                folder = typeof(JobTests).Assembly.Location;
            },
            options: options => options.WorkFolder = folder);
        var status = (await ResultsAsync(cluster)).Single();

        Assert.That(status.State, Is.EqualTo(JobState.Lost));
        Assert.That(status.Reason, Does.Contain("24 hours"));
        AssertPaidOnce(cluster);
    }

    [Test]
    public async Task A_job_whose_checkpoint_has_a_later_version_ends_with_its_task()
    {
        await using var cluster = await StartAndRestartAsync(cluster =>
        {
            cluster.Sandbox.Advance(TimeSpan.FromHours(25));
            cluster.Storage.Change("job", stored => Version().Replace(stored, "\"Version\":1000"));
        });
        var status = (await ResultsAsync(cluster)).Single();

        Assert.That(status.State, Is.EqualTo(JobState.Lost));
        Assert.That(status.Reason, Does.Contain("24 hours"));
        AssertPaidOnce(cluster);
    }

    [TestCase("status=404")]
    [TestCase("lookup-error")]
    public async Task A_lost_job_whose_task_is_found_at_the_fourth_lookup_is_not_paid_again(string failure)
    {
        await using var cluster = await LoseTaskAsync();
        var job = cluster.Grains.GetJob("spring/0001");
        var lost = await job.CheckAsync();
        var before = await cluster.Grains.GetCatalog("spring").CheckAsync();
        cluster.Sandbox.Faults.Add($"{failure};on=check;times=3");
        await job.StartAgainAsync();
        var done = (await ResultsAsync(cluster)).Last();

        Assert.That((done.State, done.TaskId), Is.EqualTo((JobState.Done, lost.TaskId)));
        Assert.That(await cluster.Grains.GetCatalog("spring").CheckAsync(), Is.EqualTo(before with { Lost = 0, Done = 1 }));
        AssertPaidOnce(cluster);
    }

    [Test]
    public async Task StartAgainAsync_pays_nothing_if_the_task_cannot_be_checked()
    {
        await using var cluster = await LoseTaskAsync();
        cluster.Sandbox.Faults.Add(Fault.Status(503), on: SandboxOperation.Check, times: 100);
        var job = cluster.Grains.GetJob("spring/0001");

        Assert.That(() => job.StartAgainAsync(), Throws.TypeOf<OrleansException>().With.Message.Contains("could not be checked"));
        Assert.That(await job.CheckAsync(), Has.Property(nameof(JobStatus.State)).EqualTo(JobState.Lost));
        AssertPaidOnce(cluster);
    }

    [Test]
    public async Task A_job_that_has_ended_leaves_the_memory()
    {
        await using var cluster = await TestCluster.StartAsync();
        await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));
        await TestLimit.UntilAsync(() => !cluster.IsActive(cluster.Grains.GetJob("spring/0001")));

        Assert.That(cluster.IsActive(cluster.Grains.GetCatalog("spring")), Is.True);
    }

    [Test]
    public async Task Sources_are_deleted_if_requested()
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.DeleteSources = true);
        await RunAsync(cluster, "spring/0001", cluster.Song("0001.wav"));

        Assert.That(cluster.Sandbox.GetReport().SourcesNeverDeleted, Is.Empty);
    }

    [TestCase("spring")]
    [TestCase("/0001")]
    [TestCase("spring/")]
    public void A_name_of_a_job_has_two_parts(string name) =>
        Assert.That(() => JobName.Parse(name), Throws.ArgumentException.With.Message.Contains("spring/0001"));

    internal static async Task<JobStatus> RunAsync(TestCluster cluster, string name, JobRequest request)
    {
        await cluster.Grains.GetJob(name).StartAsync(request);
        return (await ResultsAsync(cluster)).Single();
    }

    internal static async Task<List<JobStatus>> ResultsAsync(TestCluster cluster, int count = int.MaxValue)
    {
        var results = new List<JobStatus>();
        using var limit = new CancellationTokenSource(TestLimit.Time);
        await foreach (var status in cluster.Grains.GetCatalog("spring").WhenEachAsync(cancellationToken: limit.Token))
        {
            results.Add(status);
            if (results.Count == count)
            {
                break;
            }
        }

        return results;
    }

    /// <summary>Starts the task of the job, and another cluster that gives it up, because it cannot be looked up for a while.</summary>
    internal static async Task<TestCluster> LoseTaskAsync()
    {
        var cluster = await StartAndRestartAsync(
            cluster => cluster.Sandbox.Faults.Add(Fault.LookupError, on: SandboxOperation.Check, times: 20));
        Assert.That((await ResultsAsync(cluster)).Single().State, Is.EqualTo(JobState.Lost));
        return cluster;
    }

    /// <summary>Starts the task of the job, and another cluster that resumes it after a change.</summary>
    internal static async Task<TestCluster> StartAndRestartAsync(
        Action<TestCluster> change,
        SandboxBehavior? behavior = null,
        Action<TestCluster>? beforeStart = null,
        Action<LalalAiClusterOptions>? options = null)
    {
        var clock = new TestClock { SkipsDelays = true };
        var cluster = await TestCluster.StartAsync(
            client: client => client.MaxRetries = 0,
            options: cluster =>
            {
                cluster.TimeProvider = clock;
                options?.Invoke(cluster);
            },
            sandbox: new SandboxOptions { Behavior = behavior });
        beforeStart?.Invoke(cluster);
        var stored = new TaskCompletionSource();
        cluster.Storage.AfterJobWrite = json => HasTask(json) ? HoldAsync(stored) : Task.CompletedTask;
        await cluster.Grains.GetJob("spring/0001").StartAsync(cluster.Song("0001.wav"));
        await stored.Task.SoonAsync();
        cluster.Storage.AfterJobWrite = null;
        change(cluster);
        await cluster.RestartAsync();
        return cluster;
    }

    private static void AssertPaidOnce(TestCluster cluster)
    {
        var report = cluster.Sandbox.GetReport();
        Assert.That((report.Starts, report.StartsRepeated), Is.EqualTo((1, 0)));
        Assert.That(report.MinutesSpent, Is.EqualTo(1.0 / 60).Within(1e-9));
    }

    private static async Task HoldAsync(TaskCompletionSource reached)
    {
        reached.TrySetResult();
        await TestLimit.ForeverAsync();
    }

    private static string? KeyOf(string json) => Key().Match(json) is { Success: true } match ? match.Groups[1].Value : null;

    internal static bool HasKey(string json) => KeyOf(json) is not null;

    internal static bool HasTask(string json) => json.Contains("\"TaskId\":\"", StringComparison.Ordinal);

    [GeneratedRegex("\"IdempotencyKey\":\"([^\"]+)\"")]
    private static partial Regex Key();

    [GeneratedRegex("\"Version\":[0-9]+")]
    private static partial Regex Version();

    /// <summary>Has every recording, and stores tracks as a test says.</summary>
    private sealed class FailingFiles : IJobFiles
    {
        public int Stores { get; private set; }

        /// <summary>Returns the failure of a call that stores a track, by its number.</summary>
        public Func<int, Exception?> Failure { get; set; } = _ => null;

        public Action<DownloadedFile>? Stored { get; set; }

        public Task<Stream> OpenAsync(string source, CancellationToken cancellationToken = default) =>
            Task.FromResult<Stream>(new MemoryStream(SandboxSong.Create(TimeSpan.FromSeconds(1))));

        public Task StoreAsync(string job, DownloadedFile track, CancellationToken cancellationToken = default)
        {
            Stores++;
            Stored?.Invoke(track);
            return Failure(Stores) is { } failure ? Task.FromException(failure) : Task.CompletedTask;
        }
    }
}

using LalalAi.Tests.Hosts;
using LalalAi.Tests.Polling;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Processing;

/// <summary>Jobs that fail, are canceled or are resumed: nothing that was paid for is lost or paid for twice.</summary>
public sealed class ProcessJobTests : ProcessFixture
{
    private static readonly SourceFile Song = new() { Id = new SourceId("5e0c0f0e-1111-4222-8333-444455556666"), Name = "song.wav" };

    [Test]
    public async Task ProcessAsync_reports_why_its_checks_fail_until_they_succeed()
    {
        var checks = 0;
        Replies[Check] = new ScriptedResponse { Then = _ => checks++ == 0 ? ApiReply.Error(503) : Succeeded("music") };
        var reports = new List<ProcessProgress>();

        await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, progress: new SynchronousProgress<ProcessProgress>(reports.Add));

        var processing = reports.Where(report => report.Phase == ProcessPhase.Processing).ToList();
        Assert.That(processing.Select(report => report.CheckFailure is LalalAiApiException { StatusCode: 503 }), Is.EqualTo(new[] { false, true, false }));
        Assert.That(processing.Select(report => report.State?.GetType()), Is.EqualTo(new[] { null, null, typeof(TaskSucceeded) }));
        Assert.That(reports[^1].CheckFailure, Is.Null);
    }

    [Test]
    public async Task ProcessAsync_returns_the_tracks_when_the_source_cannot_be_deleted()
    {
        Replies[Delete] = ApiReply.Error(400);

        var result = await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { DeleteSource = true });

        Assert.That((result.IsComplete, result.IsSourceDeleted), Is.EqualTo((true, false)));
        Assert.That(result.DeleteError, Is.TypeOf<LalalAiApiException>());
    }

    [Test]
    public async Task ProcessAsync_keeps_the_source_when_a_track_is_missing()
    {
        Replies["/track/music"] = new ScriptedResponse { Status = 400 };

        var result = await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { DeleteSource = true });

        Assert.That((result.IsComplete, result.IsSourceDeleted, result.DeleteError), Is.EqualTo((false, false, (Exception?)null)));
        Assert.That(result.Tracks.Single().Error, Is.TypeOf<LalalAiDownloadException>());
        Assert.That(Paths(), Has.None.EqualTo(Delete));
    }

    [TestCase("music")]
    [TestCase("")]
    [TestCase(null)]
    public async Task ProcessAsync_downloads_tracks_that_share_a_label_before_it_deletes_the_source(string? label)
    {
        var done = JObject.Parse(Succeeded("music", "no_music").Body!);
        foreach (var track in done["result"]![Task1.Value]!["result"]!["tracks"]!)
        {
            track["label"] = label;
        }

        Replies[Check] = new ScriptedResponse { Body = done.ToString() };

        var result = await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { DeleteSource = true });

        Assert.That(result.IsSourceDeleted, Is.True);
        Assert.That(result.Tracks.Select(track => File.ReadAllText(track.File!.Path)), Is.EqualTo(new[] { "music", "speech" }));
        Assert.That(result.Checkpoint.Tracks.Select(track => track.Index).Order(), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public async Task ProcessAsync_uploads_again_when_the_source_of_a_resumed_job_is_gone()
    {
        var starts = 0;
        Replies[Start] = new ScriptedResponse { Then = _ => starts++ == 0 ? ApiReply.Error(404) : ApiReply.Started };
        var checkpoint = new JobCheckpoint { Presets = new DemuserPresets(), Source = new SourceFile { Id = new SourceId(Guid.NewGuid().ToString()), Name = "old.wav" } };

        var result = await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { ResumeFrom = checkpoint });

        Assert.That(result.IsComplete, Is.True);
        Assert.That(Paths().Where(path => path is Upload or Start), Is.EqualTo(new[] { Start, Upload, Start }));
    }

    [Test]
    public async Task ProcessAsync_lets_the_host_name_each_track()
    {
        var result = await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { Host = new NamingHost() });

        Assert.That(result.Tracks.Select(track => Path.GetFileName(track.File!.Path)), Is.EqualTo(Enumerable.Range(0, result.Tracks.Count).Select(index => $"track {index}.wav")));
    }

    private sealed class NamingHost : ProcessHost
    {
        public override Task SaveCheckpointAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken) => Task.CompletedTask;

        public override DownloadOptions? GetDownloadOptions(TaskSucceeded task, int index, DownloadOptions? options) => new() { NameTemplate = $"track {index}.wav" };
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase(null)]
    [TestCase("a\0b")]
    public async Task ProcessAsync_rejects_a_destination_before_the_upload(string? directory)
    {
        await Assert.ThatAsync(() => Client.ProcessAsync(SongPath, new DemuserPresets(), directory!), Throws.InstanceOf<ArgumentException>());

        Assert.That(Server.Requests, Is.Empty);
    }

    [TestCase("{nme}.{ext}")]
    [TestCase("{label}/{colour}")]
    public async Task ProcessAsync_rejects_a_template_before_the_upload(string template)
    {
        var options = new ProcessOptions { Download = new DownloadOptions { NameTemplate = template } };

        await Assert.ThatAsync(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, options), Throws.ArgumentException);

        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task ProcessAsync_rejects_one_file_name_for_all_tracks()
    {
        var options = new ProcessOptions { Download = new DownloadOptions { FileName = "vocals.wav" } };

        await Assert.ThatAsync(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, options), Throws.ArgumentException);

        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task ProcessAsync_fails_before_the_upload_when_the_folder_cannot_be_created()
    {
        await Assert.ThatAsync(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Path.Combine(SongPath, "out")), Throws.InstanceOf<IOException>());

        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task ProcessAsync_rejects_presets_before_the_upload()
    {
        await Assert.ThatAsync(() => Client.ProcessAsync(SongPath, new MultistemPresets { StemList = [] }, Output), Throws.ArgumentException);

        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task ProcessAsync_keeps_the_key_when_it_is_canceled_during_the_start()
    {
        using var cancellation = new CancellationTokenSource();
        Replies[Start] = new ScriptedResponse
        {
            Then = _ =>
            {
                cancellation.Cancel();
                return ApiReply.Started with { HoldUntil = ScriptedResponse.Forever };
            },
        };

        var exception = await Assert.ThrowsAsync<LalalAiProcessCanceledException>(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { StartGracePeriod = TimeSpan.Zero }, cancellationToken: cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(exception.SourceId!.Value.Value, Is.EqualTo(SourceId()));
        Assert.That(exception.Checkpoint.IdempotencyKey.ToString(), Is.EqualTo(KeyOf(Server.Requests.Single(request => request.Path == Start))));
    }

    [TestCase(-1)]
    [TestCase(10_000)]
    [TestCase(5_000_000_000)]
    public async Task ProcessAsync_keeps_the_task_of_a_start_that_returns_within_the_grace_period(long milliseconds)
    {
        using var cancellation = new CancellationTokenSource();
        Replies[Start] = new ScriptedResponse
        {
            Then = _ =>
            {
                cancellation.Cancel();
                return ApiReply.Started;
            },
        };
        var options = new ProcessOptions { StartGracePeriod = TimeSpan.FromMilliseconds(milliseconds) };

        var exception = await Assert.ThrowsAsync<LalalAiProcessCanceledException>(
            () => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, options, cancellationToken: cancellation.Token));

        Assert.That(exception!.TaskId, Is.Not.Null);
    }

    [TestCase(-1)]
    [TestCase(5_000_000_000)]
    [TestCase(long.MaxValue / TimeSpan.TicksPerMillisecond)]
    public async Task ProcessAsync_accepts_a_timeout_of_any_length(long milliseconds)
    {
        var options = new ProcessOptions { Timeout = TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond) };

        var result = await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, options);

        Assert.That(result.IsComplete, Is.True);
    }

    [Test]
    public async Task ProcessAsync_rejects_a_negative_grace_period_before_the_upload()
    {
        var options = new ProcessOptions { StartGracePeriod = TimeSpan.FromSeconds(-1) };

        await Assert.ThatAsync(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, options), Throws.ArgumentException);

        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task ProcessAsync_keeps_the_task_when_it_is_canceled_during_the_wait()
    {
        using var cancellation = new CancellationTokenSource();
        Replies[Check] = new ScriptedResponse
        {
            Then = _ =>
            {
                cancellation.Cancel();
                return Succeeded("music");
            },
        };

        var exception = await Assert.ThrowsAsync<LalalAiProcessCanceledException>(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { StartGracePeriod = TimeSpan.Zero }, cancellationToken: cancellation.Token));

        Assert.That((exception!.TaskId, exception.SourceId!.Value.Value), Is.EqualTo(((TaskId?)Task1, SourceId())));
    }

    [Test]
    public async Task ProcessAsync_keeps_the_task_when_the_key_is_rejected_during_the_wait()
    {
        Replies[Check] = ApiReply.Error(403);

        var exception = await Assert.ThrowsAsync<LalalAiAuthenticationException>(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output));

        Assert.That(exception!.Checkpoint!.TaskId, Is.EqualTo(Task1));
        Assert.That(exception.Checkpoint.Source!.Id.Value, Is.EqualTo(SourceId()));
    }

    [Test]
    public async Task ProcessAsync_keeps_its_own_task_when_one_check_ends_several_jobs()
    {
        await using var rig = new PollingRig();
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (number, _) => number == 0 ? held.Task : CheckEndpoint.Error(403);
        var jobs = PollingRig.Ids(3).Select(id => rig.Start(() => rig.Client.ProcessAsync(Song, new DemuserPresets(), Output, Started(id)))).ToList();
        held.Give(rig.Endpoint.FromTable(PollingRig.Id(0).Value));

        await rig.AdvanceAsync(2.1);

        var exceptions = await Task.WhenAll(jobs.Select(PollingRig.FailsAsync<LalalAiAuthenticationException>));
        Assert.That(rig.Endpoint.Calls[1].Ids, Has.Count.EqualTo(3));
        Assert.That(exceptions.Select(exception => exception.Checkpoint!.TaskId!.Value), Is.EqualTo(PollingRig.Ids(3)));
    }

    [Test]
    public async Task ProcessAsync_retries_failed_lookups_of_the_task_that_it_started_for_five_minutes()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.ServerError();

        var job = rig.Start(() => new StartingClient(rig.Client).ProcessAsync(Song, new DemuserPresets(), Output));
        await rig.AdvanceAsync(299);
        Assert.That(rig.Endpoint.Calls[^1].At, Is.GreaterThan(TimeSpan.FromSeconds(290)));
        await rig.AdvanceAsync(3);

        var exception = await PollingRig.FailsAsync<LalalAiTaskException>(job);
        Assert.That((exception.State, exception.Checkpoint!.TaskId), Is.EqualTo(((TaskState)new TaskLookupFailed { TaskId = Task1, Message = "Task not found" }, (TaskId?)Task1)));
    }

    [Test]
    public async Task ProcessAsync_retries_rejected_checks_of_the_task_that_it_started_for_five_minutes()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(404);

        var job = rig.Start(() => new StartingClient(rig.Client).ProcessAsync(Song, new DemuserPresets(), Output));
        await rig.AdvanceAsync(299);
        Assert.That(rig.Endpoint.Calls[^1].At, Is.GreaterThan(TimeSpan.FromSeconds(290)));
        await rig.AdvanceAsync(3);

        var exception = await PollingRig.FailsAsync<LalalAiApiException>(job);
        Assert.That((exception.StatusCode, exception.Checkpoint!.TaskId), Is.EqualTo((404, (TaskId?)Task1)));
    }

    [Test]
    public async Task ProcessAsync_retries_a_failed_lookup_of_a_resumed_task_three_times()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.ServerError();

        var job = rig.Start(() => rig.Client.ProcessAsync(Song, new DemuserPresets(), Output, Started(Task1)));
        await rig.AdvanceAsync(6.4);

        await PollingRig.FailsAsync<LalalAiTaskException>(job);
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task ProcessAsync_keeps_the_task_when_the_task_fails()
    {
        Replies[Check] = Checked(States.Failure());

        var exception = await Assert.ThrowsAsync<LalalAiTaskException>(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output));

        Assert.That(exception!.Checkpoint!.TaskId, Is.EqualTo(Task1));
    }

    [Test]
    public async Task ProcessAsync_keeps_the_source_when_the_start_is_rejected()
    {
        Replies[Start] = ApiReply.Error(400, "exceeded_duration");

        var exception = await Assert.ThrowsAsync<LalalAiQuotaException>(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output));

        Assert.That(exception!.Checkpoint!.Source!.Id.Value, Is.EqualTo(SourceId()));
        Assert.That(exception.Checkpoint.IdempotencyKey, Is.Null, "Nothing was started with the key.");
    }

    [Test]
    public async Task ProcessAsync_keeps_the_task_when_the_host_cannot_store_it()
    {
        var host = new Host { OnSave = checkpoint => checkpoint.TaskId is null ? Task.CompletedTask : throw new IOException("The disk is full.") };

        var exception = await Assert.ThrowsAsync<LalalAiProcessException>(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { Host = host }));

        Assert.That(exception!.Checkpoint!.TaskId, Is.EqualTo(Task1));
        Assert.That(exception.InnerException, Is.TypeOf<IOException>());
    }

    [Test]
    public async Task ProcessAsync_starts_nothing_when_the_host_cannot_store_the_key()
    {
        var host = new Host { OnSave = checkpoint => checkpoint.IdempotencyKey is null ? Task.CompletedTask : throw new IOException("The disk is full.") };

        await Assert.ThatAsync(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { Host = host }), Throws.TypeOf<LalalAiProcessException>());

        Assert.That(Paths(), Has.None.EqualTo(Start));
    }

    [Test]
    public async Task ProcessAsync_starts_nothing_when_the_host_rejects_the_start()
    {
        var host = new Host { OnEnter = phase => phase == ProcessPhase.Starting ? throw new InvalidOperationException("The budget is used up.") : null };

        var exception = await Assert.ThrowsAsync<LalalAiProcessException>(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { Host = host }));

        Assert.That(exception!.Message, Does.Contain("The budget is used up."));
        Assert.That(exception.Checkpoint!.IdempotencyKey, Is.Null);
        Assert.That(Paths(), Has.None.EqualTo(Start));
    }

    [Test]
    public async Task ProcessAsync_saves_the_key_before_the_start_and_everything_else_after_it()
    {
        Replies[Check] = Succeeded("music", "no_music");
        var requestsAtSave = new List<(bool HasSource, bool HasKey, bool HasTask, int Tracks, bool IsDeleted, bool IsDone, string Last)>();
        var host = new Host
        {
            OnSave = saved =>
            {
                requestsAtSave.Add((saved.Source is not null, saved.IdempotencyKey is not null, saved.TaskId is not null, saved.Tracks.Count, saved.IsSourceDeleted, saved.IsDone, Paths().Last()));
                return Task.CompletedTask;
            },
        };

        await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { Host = host, DeleteSource = true });

        Assert.That(requestsAtSave.Take(3), Is.EqualTo(new[]
        {
            (true, false, false, 0, false, false, Upload),
            (true, true, false, 0, false, false, Upload),
            (true, true, true, 0, false, false, Start),
        }));
        Assert.That(requestsAtSave.Skip(3).Select(save => (save.Tracks, save.IsDeleted, save.IsDone)), Is.EqualTo(new[] { (1, false, false), (2, false, false), (2, true, false), (2, true, true) }));
    }

    [Test]
    public async Task ProcessAsync_disposes_each_phase_before_the_next_one_begins()
    {
        var events = new List<string>();
        var host = new Host
        {
            OnEnter = phase =>
            {
                events.Add($"+{phase}");
                return new Disposable(() => events.Add($"-{phase}"));
            },
        };

        await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { Host = host });

        Assert.That(events, Is.EqualTo(new[] { "+Uploading", "-Uploading", "+Starting", "-Starting", "+Processing", "-Processing", "+Downloading", "-Downloading" }));
    }

    /// <summary>What each checkpoint saves, and what is requested when it is resumed: the table of docs/jobs.md.</summary>
    [TestCase("uploaded", "start,check,track", TestName = "ProcessAsync_resumes_after_the_upload")]
    [TestCase("key saved", "start,check,track", TestName = "ProcessAsync_resumes_before_the_start")]
    [TestCase("started", "check,track", TestName = "ProcessAsync_resumes_after_the_start")]
    [TestCase("one track", "check,track", TestName = "ProcessAsync_resumes_between_tracks")]
    [TestCase("all tracks", "check", TestName = "ProcessAsync_resumes_after_the_tracks")]
    public async Task ProcessAsync_resumes_from_each_checkpoint(string at, string expected)
    {
        Replies[Check] = Succeeded("music", "no_music");
        var saves = new List<JobCheckpoint>();
        await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { Host = new Host { OnSave = Add(saves) } });
        var checkpoint = at switch { "uploaded" => saves[0], "key saved" => saves[1], "started" => saves[2], "one track" => saves[3], _ => saves[4] };
        foreach (var track in saves[^1].Tracks.Except(checkpoint.Tracks))
        {
            File.Delete(track.Path);
        }

        var before = Server.Requests.Count;
        var stored = System.Text.Json.JsonSerializer.Deserialize<JobCheckpoint>(System.Text.Json.JsonSerializer.Serialize(checkpoint))!;

        var result = await Client.ProcessAsync(SongPath, stored.Presets, Output, new ProcessOptions { ResumeFrom = stored });

        Assert.That(result.IsComplete, Is.True);
        Assert.That(result.Tracks.Select(track => File.ReadAllText(track.File!.Path)), Is.EqualTo(new[] { "music", "speech" }));
        Assert.That(string.Join(",", Paths().Skip(before).Select(Name).Distinct()), Is.EqualTo(expected));
        if (expected.StartsWith("start", StringComparison.Ordinal) && checkpoint.IdempotencyKey is { } key)
        {
            Assert.That(KeyOf(Server.Requests.Last(request => request.Path == Start)), Is.EqualTo(key.ToString()));
        }
    }

    [Test]
    public async Task ProcessAsync_reports_a_resumed_start_as_lost_when_its_key_is_used()
    {
        var key = Guid.NewGuid();
        Replies[Start] = ApiReply.Error(400, "idempotency_key_used");
        var checkpoint = new JobCheckpoint { Presets = new DemuserPresets(), Source = Song, IdempotencyKey = key };

        var exception = await Assert.ThrowsAsync<LalalAiAmbiguousStartException>(
            () => Client.ProcessAsync(Song, new DemuserPresets(), Output, new ProcessOptions { ResumeFrom = checkpoint }));

        Assert.That((exception!.IsProbablyRunning, exception.IdempotencyKey, exception.Checkpoint!.IdempotencyKey), Is.EqualTo((true, key, (Guid?)key)));
    }

    [Test]
    public async Task ProcessAsync_saves_a_resumed_checkpoint_of_a_lower_version_in_its_own()
    {
        var checkpoint = new JobCheckpoint { Version = 0, Presets = new DemuserPresets() };

        var result = await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { ResumeFrom = checkpoint });

        Assert.That((result.IsComplete, result.Checkpoint.Version), Is.EqualTo((true, JobCheckpoint.CurrentVersion)));
    }

    [TestCase("version", "version 99")]
    [TestCase("presets", "other presets")]
    [TestCase("service", "https://other.example/")]
    public async Task ProcessAsync_rejects_a_checkpoint_of(string what, string says)
    {
        var checkpoint = new JobCheckpoint { Presets = new DemuserPresets() };
        checkpoint = what switch
        {
            "version" => checkpoint with { Version = 99 },
            "presets" => checkpoint with { Presets = new DemuserPresets { DereverbEnabled = true } },
            _ => checkpoint with { Service = new Uri("https://other.example/") },
        };

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { ResumeFrom = checkpoint }));

        Assert.That(exception!.Message, Does.Contain(says));
        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task ProcessAsync_with_a_limit_rejects_a_source_of_unknown_duration()
    {
        Replies[Upload] = new ScriptedResponse { Body = """{"id":"5e0c0f0e-1111-4222-8333-444455556666","name":"song.wav","size":5,"duration":null,"expires":"1761217415"}""" };

        var exception = await Assert.ThrowsAsync<LalalAiMaxMinutesException>(() => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, new ProcessOptions { MaxMinutes = 1000 }));

        Assert.That(exception!.EstimatedMinutes, Is.Null);
        Assert.That(Paths(), Has.None.EqualTo(Start));
    }

    [Test]
    public async Task ProcessAsync_downloads_every_track_of_a_new_task()
    {
        Directory.CreateDirectory(Output);
        var old = Path.Combine(Output, "music.wav");
        await File.WriteAllTextAsync(old, "music");
        var former = new JobCheckpoint { Presets = new DemuserPresets(), Source = Song, Tracks = [new JobTrack(0, "music", old, 5)], IsDone = true };
        var saves = new List<JobCheckpoint>();

        await Client.ProcessAsync(
            SongPath, new DemuserPresets(), Output, new ProcessOptions { ResumeFrom = former, Host = new Host { OnSave = Add(saves) } });

        Assert.That(Paths(), Has.One.EqualTo("/track/music"));
        Assert.That(saves.Select(save => (save.Tracks.Count, save.IsDone)), Is.EqualTo(new[] { (0, false), (0, false), (1, false), (1, true) }));
    }

    [Test]
    public async Task ProcessAsync_reports_the_task_as_soon_as_it_is_known()
    {
        Replies[Check] = ApiReply.Error(403);
        var reports = new List<ProcessProgress>();

        await Assert.ThatAsync(
            () => Client.ProcessAsync(SongPath, new DemuserPresets(), Output, progress: new SynchronousProgress<ProcessProgress>(reports.Add)), Throws.TypeOf<LalalAiAuthenticationException>());

        Assert.That(reports[^1], Is.EqualTo(new ProcessProgress(ProcessPhase.Processing, 0, reports[^1].Overall, TaskId: Task1)));
    }

    [Test]
    public async Task ProcessAsync_reports_an_overall_progress_that_never_decreases()
    {
        var overall = new List<double>();

        await Client.ProcessAsync(SongPath, new DemuserPresets(), Output, progress: new SynchronousProgress<ProcessProgress>(report => overall.Add(report.Overall)));

        Assert.That(overall, Is.Ordered.And.All.InRange(0, 1));
        Assert.That(overall[^1], Is.EqualTo(1));
    }

    private static Func<JobCheckpoint, Task> Add(List<JobCheckpoint> saves) => checkpoint =>
    {
        lock (saves)
        {
            saves.Add(checkpoint);
        }

        return Task.CompletedTask;
    };

    private static string Name(string path) => path switch
    {
        Upload => "upload",
        Start => "start",
        Check => "check",
        Delete => "delete",
        _ => "track",
    };

    private IEnumerable<string> Paths() => Server.Requests.ToList().Select(request => request.Path);

    private static ProcessOptions Started(TaskId taskId) =>
        new() { ResumeFrom = new JobCheckpoint { Presets = new DemuserPresets(), Source = Song, TaskId = taskId } };

    private static string SourceId() => (string)JObject.Parse(ApiReply.Uploaded.Body!)["id"]!;

    /// <summary>A client whose starts succeed without a request.</summary>
    private sealed class StartingClient(ILalalAiClient inner) : FakeClient
    {
        public override Task<TaskId> StartAsync(SourceId sourceId, TaskPresets presets, StartOptions? options, CancellationToken cancellationToken) =>
            Task.FromResult(Task1);

        public override Task<TaskSucceeded> WaitAsync(TaskId taskId, IProgress<TaskState>? progress, TimeSpan? timeout, CancellationToken cancellationToken) =>
            inner.WaitAsync(taskId, progress, timeout, cancellationToken);
    }

    private sealed class Disposable(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }
}

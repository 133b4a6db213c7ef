using LalalAi.Sandbox;

namespace LalalAi.Tests.EndToEnd;

/// <summary>Whole jobs over real sockets, from a file to its tracks.</summary>
public sealed class SandboxFlowTests
{
    private string _directory = null!;
    private SandboxServer _sandbox = null!;
    private LalalAiClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _directory = Directory.CreateTempSubdirectory("lalalai-flow").FullName;
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 1000, MinutesPerLicense = 10 });
        _client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = _sandbox.BaseAddress, LicenseKey = _sandbox.LicenseKey, PollingInterval = TimeSpan.FromMilliseconds(50) });
    }

    [TearDown]
    public async Task Stop()
    {
        await _client.DisposeAsync();
        await _sandbox.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task Song_is_uploaded_split_and_downloaded_and_its_tracks_add_up_to_it()
    {
        var song = SongFile.Write(_directory);

        var source = await _client.UploadAsync(song);
        var task = await _client.StartAsync(source.Id, new StemSeparatorPresets { Stem = Stem.Vocals });
        var done = await _client.WaitAsync(task);
        var files = new List<DownloadedFile>();
        foreach (var track in done.Tracks)
        {
            files.Add(await _client.DownloadAsync(track, Path.Combine(_directory, "out")));
        }

        var tracks = files.Select(file => SongFile.Samples(file.Path)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(source.Size, Is.EqualTo(new FileInfo(song).Length));
            Assert.That(source.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(done.Tracks.Select(track => (track.Label, track.Type)), Is.EqualTo(new[] { ("vocals", TrackType.Stem), ("no_vocals", TrackType.Back) }));
            Assert.That(files.Select(file => Path.GetFileName(file.Path)), Is.EqualTo(new[] { "song_vocals_split_by_lalalai.wav", "song_no_vocals_split_by_lalalai.wav" }));
            Assert.That(tracks[0].Zip(tracks[1], (stem, rest) => stem + rest).ToArray(), Is.Array(SongFile.Samples(song)));
            Assert.That(tracks, Has.All.Matches<int[]>(samples => samples!.Max() > 500), "Each track can be heard.");
        });
    }

    [Test]
    public async Task ProcessAsync_runs_every_kind_of_task()
    {
        var song = SongFile.Write(_directory);
        var jobs = new (Func<Task<ProcessResult>> Run, string[] Labels, double Minutes)[]
        {
            (() => _client.ProcessAsync(song, new StemSeparatorPresets { Stem = Stem.Vocals, Multivocal = Multivocal.LeadBack }, _directory), ["vocals@0", "vocals@1", "no_vocals", "mix_no_lead"], 2 / 60.0),
            (() => _client.ProcessAsync(song, new MultistemPresets { StemList = [Stem.Drum, Stem.Bass] }, _directory), ["drum", "bass", "no_multistem"], 4 / 60.0),
            (() => _client.ProcessAsync(song, new DemuserPresets(), _directory), ["music", "no_music"], 2 / 60.0),
            (() => _client.ProcessAsync(song, new VoiceCleanPresets { NoiseCancellingLevel = FilteringLevel.Normal }, _directory), ["voice", "no_voice"], 2 / 60.0),
            (() => _client.ProcessAsync(song, new VoiceChangePresets { VoicePackId = "ALEX_KAYE" }, _directory), ["converted_mix"], 2 / 60.0),
        };

        foreach (var (run, labels, minutes) in jobs)
        {
            var before = await _client.GetMinutesLeftAsync();
            var result = await run();
            var after = await _client.GetMinutesLeftAsync();

            Assert.That(result.IsComplete, Is.True);
            Assert.That(result.Tracks.Select(track => track.Track.Label), Is.EquivalentTo(labels));
            Assert.That(result.Tracks.Select(track => new FileInfo(track.File!.Path).Length), Has.All.EqualTo(new FileInfo(song).Length));
            Assert.That(before - after, Is.EqualTo(minutes).Within(1e-6));
            Assert.That(result.Minutes, Is.EqualTo(minutes).Within(1e-6));
        }
    }

    [Test]
    public async Task The_phases_of_a_job_are_reported_in_order_and_the_source_is_deleted_at_its_end()
    {
        var progress = new Observer<ProcessProgress>();

        var result = await _client.ProcessAsync(
            SongFile.Write(_directory), new StemSeparatorPresets { Stem = Stem.Drum }, Path.Combine(_directory, "out"), new ProcessOptions { DeleteSource = true, Timeout = TimeSpan.FromMinutes(5) }, progress);

        Assert.That(progress.All.Select(report => report.Phase).Distinct(), Is.EqualTo(Enum.GetValues<ProcessPhase>()));
        Assert.That(result.IsSourceDeleted, Is.True);
        await Assert.ThatAsync(() => _client.StartAsync(result.SourceId, new DemuserPresets()), Throws.InstanceOf<LalalAiApiException>().With.Property("StatusCode").EqualTo(400));
    }

    [Test]
    public async Task Job_over_its_maximum_minutes_starts_nothing()
    {
        var exception = await Assert.ThrowsAsync<LalalAiMaxMinutesException>(() => _client.ProcessAsync(
            SongFile.Write(_directory), new MultistemPresets { StemList = [Stem.Drum, Stem.Bass] }, _directory, new ProcessOptions { MaxMinutes = 0.05 }));

        Assert.That(exception!.EstimatedMinutes, Is.EqualTo(4 / 60.0).Within(1e-6));
        Assert.That(await _client.GetMinutesLeftAsync(), Is.EqualTo(10));
    }

    [Test]
    public async Task StartAsync_throws_a_quota_exception_when_minutes_run_out()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { MinutesPerLicense = 0.01 });
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = sandbox.LicenseKey });
        var source = await client.UploadAsync(SongFile.Write(_directory));

        await Assert.ThatAsync(() => client.StartAsync(source.Id, new DemuserPresets()), Throws.InstanceOf<LalalAiQuotaException>().With.Property("Code").EqualTo("exceeded_duration"));
    }

    [Test]
    public async Task License_key_that_is_unknown_is_an_authentication_error_without_the_key()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { LicenseKeys = ["sandbox-only-this"] });
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = "sandbox-another" });

        var exception = await Assert.ThrowsAsync<LalalAiAuthenticationException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception!.StatusCode, Is.EqualTo(403));
        Assert.That(exception.RequestId, Does.Match("^[0-9a-f]{32}$"));
        Assert.That(exception.ToString(), Does.Not.Contain("sandbox-another"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task StartBatchAsync_starts_every_item_whether_or_not_the_plan_includes_batches(bool batches)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { BatchAllowed = batches, Speed = 1000 });
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = sandbox.LicenseKey, PollingInterval = TimeSpan.FromMilliseconds(50) });
        var source = await client.UploadAsync(SongFile.Write(_directory));
        var items = Enumerable.Range(0, 105).Select(index => new StartRequest(index == 3 ? new SourceId("11111111-2222-4333-8444-555555555555") : source.Id, new DemuserPresets())).ToList();

        var starts = await client.StartBatchAsync(items);

        Assert.That(starts.Select(start => start.SourceId), Is.EqualTo(items.Select(item => item.SourceId)));
        Assert.That(starts.Where((_, index) => index != 3), Has.All.InstanceOf<StartSucceeded>());
        Assert.That(starts[3], Is.InstanceOf<StartFailed>());
        var tasks = starts.OfType<StartSucceeded>().Select(start => start.TaskId).ToList();
        Assert.That(tasks.Distinct().Count(), Is.EqualTo(104));
        var ended = 0;
        await foreach (var state in client.WhenEachAsync(tasks))
        {
            Assert.That(state, Is.InstanceOf<TaskSucceeded>());
            ended++;
        }

        Assert.That(ended, Is.EqualTo(104));
    }

    [Test]
    public async Task GetVoicePacksAsync_returns_names_and_dates() =>
        Assert.That(await _client.GetVoicePacksAsync(), Is.Not.Empty.And.All.Matches<VoicePack>(pack => pack!.Name.Length > 0 && pack.CreatedAt!.Value.Year >= 2020));

    [Test]
    public async Task SendAsync_calls_the_generated_client() =>
        Assert.That((await _client.SendAsync((raw, token) => raw.LimitsMinutesLeftAsync(token))).MinutesLeft, Is.EqualTo(10));

    [Test]
    public async Task DeleteSourceAsync_deletes_the_source()
    {
        var source = await _client.UploadAsync(SongFile.Write(_directory));

        await _client.DeleteSourceAsync(source.Id);

        await Assert.ThatAsync(() => _client.StartAsync(source.Id, new DemuserPresets()), Throws.InstanceOf<LalalAiApiException>().With.Property("StatusCode").EqualTo(400));
    }
}

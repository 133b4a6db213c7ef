using System.Security.Cryptography;
using LalalAi.Cli.Tests.Processes;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests;

/// <summary>The same command again resumes: finished work is skipped, and nothing is paid for twice.</summary>
public sealed class ResumeTests : ServiceFixture
{
    private string Journal => JournalFile.PathIn(Output);

    [Test]
    public async Task Finished_recording_is_skipped_and_its_tracks_are_listed()
    {
        var first = await RunAsync("split");

        var again = await RunAsync("split");
        var resumed = await StartAsync("resume", Output);

        Assert.That((again.ExitCode, resumed.ExitCode), Is.EqualTo((0, 0)));
        Assert.That(again.Lines, Is.EquivalentTo(first.Lines));
        Assert.That(resumed.Messages, Does.Contain("Nothing to resume"));
        Assert.That(600 - await MinutesLeftAsync(), Is.EqualTo(1 / 60.0).Within(0.001));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_track_that_was_removed_or_changed_is_downloaded_again_and_not_paid_for(bool isRemoved)
    {
        await RunAsync("split");
        var whole = File.ReadAllBytes(Track("vocals.wav"));
        File.Delete(Track("vocals.wav"));
        if (!isRemoved)
        {
            File.WriteAllBytes(Track("vocals.wav"), new byte[whole.Length]);
        }

        var run = await RunAsync("split", "--json");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Events("downloaded").Select(line => (string?)line["label"]), Is.EqualTo(new[] { "vocals" }));
        Assert.That(File.ReadAllBytes(Track("vocals.wav")), Is.EqualTo(whole));
        Assert.That(600 - await MinutesLeftAsync(), Is.EqualTo(1 / 60.0).Within(0.001));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Every_track_of_a_repaired_recording_is_listed(bool isResume)
    {
        var first = await RunAsync("split");
        File.Delete(Track("no_vocals.wav"));
        File.WriteAllLines(
            Journal, File.ReadAllLines(Journal).Where(line => !line.StartsWith("{\"type\":\"done\"", StringComparison.Ordinal)));

        var run = isResume ? await StartAsync("resume", Output) : await RunAsync("split");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Lines, Is.EqualTo(first.Lines));
        Assert.That(run.Messages, Does.Contain("1 downloaded, 1 on disk before"));
    }

    [Test]
    public async Task Empty_journal_is_a_new_one()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllBytes(Journal, []);

        var resumed = await StartAsync("resume", Output);
        var run = await RunAsync("split");

        Assert.That((resumed.ExitCode, run.ExitCode), Is.EqualTo((2, 0)), run.Messages);
        Assert.That(resumed.Messages, Does.Contain("contains no runs. Run the original command again."));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Platform(Exclude = "Win", Reason = "Links need a privilege there.")]
    public async Task Link_in_the_output_folder_overwrites_nothing_outside_of_it(bool isFolder)
    {
        await RunAsync("split");
        var outside = Directory.CreateDirectory(Path.Combine(Root, "outside")).FullName;
        var file = Path.Combine(outside, "vocals.wav");
        File.WriteAllText(file, "precious");
        var link = isFolder ? Path.Combine(Output, "song") : Track("vocals.wav");
        if (isFolder)
        {
            Directory.Delete(link, recursive: true);
            Directory.CreateSymbolicLink(link, outside);
        }
        else
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, file);
        }

        var run = await RunAsync("split");

        Assert.That(Directory.GetFileSystemEntries(outside), Is.EqualTo(new[] { file }), run.Messages);
        Assert.That(File.ReadAllText(file), Is.EqualTo("precious"));
        Assert.That(run.ExitCode, Is.EqualTo(isFolder ? 2 : 0), run.Messages);
        Assert.That(run.Messages, isFolder ? Does.Contain("is a link out of the output folder") : Does.Contain("1 done"));
    }

    [TestCase("lalalai.journal.jsonl")]
    [TestCase("lalalai.journal.jsonl.lock")]
    [Platform(Exclude = "Win", Reason = "Links need a privilege there.")]
    public async Task Journal_that_is_a_link_is_not_written_to(string name)
    {
        Directory.CreateDirectory(Output);
        var file = Path.Combine(Root, "precious.txt");
        File.WriteAllText(file, "precious");
        File.CreateSymbolicLink(Path.Combine(Output, name), file);

        var run = await RunAsync("split");

        Assert.That((run.ExitCode, File.ReadAllText(file)), Is.EqualTo((2, "precious")), run.Messages);
        Assert.That(run.Messages, Does.Contain($"{name} is a link"));
    }

    [Test]
    public async Task A_track_that_arrived_just_before_a_kill_is_taken_as_it_is()
    {
        await RunAsync("split");
        File.WriteAllLines(
            Journal,
            File.ReadAllLines(Journal).Where(
                line =>
                    !line.StartsWith("{\"type\":\"track\"", StringComparison.Ordinal)
                        && !line.StartsWith("{\"type\":\"done\"", StringComparison.Ordinal)));

        var run = await RunAsync("split");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(
            Directory.GetFiles(Path.Combine(Output, "song")), Is.EquivalentTo(new[] { Track("vocals.wav"), Track("no_vocals.wav") }));
        Assert.That(JournalFile.Entries(Output, "track"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Second_job_on_a_file_uses_the_same_source_and_folder_with_other_names()
    {
        await RunAsync("split");

        var run = await RunAsync("split", "--dereverb", "--json");

        Assert.That(run.Events("uploaded"), Is.Empty);
        Assert.That(
            Directory.GetFiles(Path.Combine(Output, "song")).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "vocals.wav", "no_vocals.wav", "vocals (dereverb).wav", "no_vocals (dereverb).wav" }));
    }

    [Test]
    public async Task A_key_that_is_revoked_on_the_way_ends_the_run_and_the_next_one_resumes()
    {
        var songs = Path.Combine(Root, "songs");
        SongFolder.Write(songs, count: 12);
        Sandbox.Faults.Add("status=403;skip=15;times=1000");

        var revoked = await StartAsync("split", songs, "-o", Output);
        var paid = Sandbox.GetReport();
        Sandbox.Faults.Clear();
        var run = await StartAsync("split", songs, "-o", Output);

        Assert.That((revoked.ExitCode, run.ExitCode), Is.EqualTo((3, 0)), run.Messages);
        Assert.That(paid.Uploads, Is.GreaterThan(0), "it had begun");
        Assert.That(
            Sandbox.GetReport(),
            Has.Property(nameof(UsageReport.Starts))
                .EqualTo(12).And
                .Property(nameof(UsageReport.StartsRepeated)).Zero.And
                .Property(nameof(UsageReport.UploadsRepeated)).Zero);
        SongFolder.AssertSplit(songs, Output);
    }

    [Test]
    public async Task A_renamed_file_is_the_same_file()
    {
        await RunAsync("split");
        var renamed = Path.Combine(Root, "renamed.wav");
        File.Move(Song, renamed);

        var run = await StartAsync("split", renamed, "-o", Output, "--json");

        Assert.That(run.Events("skipped"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_source_that_the_service_no_longer_has_is_uploaded_once_more()
    {
        await RunAsync("split");
        await using (var client = Connect())
        {
            await client.DeleteSourceAsync(new SourceId((string)JournalFile.Entries(Output, "source").Single()["source"]!["id"]!));
        }

        var run = await RunAsync("demuse", "--json");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Events("uploaded"), Has.Count.EqualTo(1));
        Assert.That(600 - await MinutesLeftAsync(), Is.EqualTo(2 / 60.0).Within(0.001));
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Start_without_a_response_is_retried_with_the_same_key(CancellationToken cancellationToken)
    {
        // It stays in the queue for half an hour; there, the same key gives the same task.
        await UseAsync(new SandboxOptions { Speed = 0.001 });
        var task = await StartAndDieAsync();

        using var process = CliProcess.Start(Sandbox, "split", Song, "-o", Output, "--json");
        var started = await process.ReadEventAsync("started", cancellationToken);

        Assert.That((string?)started["task_id"], Is.EqualTo(task.Value));
        Assert.That(600 - await MinutesLeftAsync(), Is.EqualTo(1 / 60.0).Within(0.001));
    }

    [Test]
    public async Task Lost_start_is_reported_and_started_again_only_on_request()
    {
        await StartAndDieAsync();

        var lost = await RunAsync("split");
        var again = await RunAsync("split");
        var spent = 600 - await MinutesLeftAsync();
        var restarted = await RunAsync("split", "--restart-lost");

        Assert.That((lost.ExitCode, again.ExitCode, restarted.ExitCode), Is.EqualTo((1, 1, 0)), restarted.Messages);
        Assert.That(lost.Messages, Does.Contain("the response with the task ID was lost").And.Contain("--restart-lost"));
        Assert.That(spent, Is.EqualTo(1 / 60.0).Within(0.001));
        Assert.That(600 - await MinutesLeftAsync(), Is.EqualTo(2 / 60.0).Within(0.001));
    }

    [Test]
    public async Task Start_with_an_expired_source_is_reported_and_started_again_only_on_request()
    {
        await using var client = Connect();
        var (source, _) = await UploadAndDieAsync(client);
        await client.DeleteSourceAsync(source.Id);

        var expired = await RunAsync("split");
        var restarted = await RunAsync("split", "--restart-lost", "--json");

        Assert.That((expired.ExitCode, restarted.ExitCode), Is.EqualTo((1, 0)), restarted.Messages);
        Assert.That(
            expired.Messages,
            Does.Contain("It is not known whether an earlier run started its task.").And.Contain("add --restart-lost"));
        Assert.That(restarted.Events("uploaded"), Has.Count.EqualTo(1));
        Assert.That(600 - await MinutesLeftAsync(), Is.EqualTo(1 / 60.0).Within(0.001));
    }

    [Test]
    public async Task Canceled_task_is_started_again_only_on_request()
    {
        await UseAsync(new SandboxOptions { Speed = 0.001 });
        var task = await StartAndDieAsync();
        File.AppendAllText(Journal, JournalFile.Line(new { type = "started", job = 1, task_id = task.Value, at = DateTimeOffset.UtcNow }));
        await using (var client = Connect())
        {
            await client.CancelAllAsync();
        }

        var run = await RunAsync("split");

        Assert.That(run.ExitCode, Is.EqualTo(1), run.Messages);
        Assert.That(run.Messages, Does.Contain("--restart-lost"));
    }

    [Test]
    public async Task Resume_processes_what_was_begun_and_nothing_else()
    {
        var songs = Path.Combine(Root, "songs");
        SongFolder.Write(songs, 5);
        await StartAsync("split", songs, "-o", Output, "--max-minutes", "0.02");
        SongFile.Write(songs, "new.wav", seconds: 0.2);
        SongFile.Write(songs, "song003.wav", seconds: 0.3);
        File.Delete(Path.Combine(songs, "song004.wav"));

        var run = await StartAsync("resume", Output, "--max-minutes", "10", "--json");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(JournalFile.Entries(Output, "done"), Has.Count.EqualTo(3));
        Assert.That(
            run.Messages,
            Does.Contain("1 new file (new.wav)").And.Contain("2 files that changed or no longer exist (song003.wav, song004.wav)"));
        Assert.That(600 - await MinutesLeftAsync(), Is.EqualTo(3 / 60.0).Within(0.001));
    }

    [Test]
    public async Task Run_in_the_sandbox_does_not_mention_the_service()
    {
        await RunAsync("split", "--sandbox");

        var run = await RunAsync("split", "--json");

        Assert.That(run.Events("finished"), Has.Count.EqualTo(1), "It was done for show before, and now for real.");
    }

    [Test]
    public async Task Run_in_the_sandbox_downloads_every_track_of_a_new_task()
    {
        var first = await RunAsync("split", "--sandbox");
        File.Delete(Path.Combine(Output, "sandbox", "song", "vocals.wav"));

        var run = await RunAsync("split", "--sandbox");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Lines, Is.EqualTo(first.Lines));
        Assert.That(run.Messages, Does.Contain("2 downloaded"));
    }

    [Test]
    public async Task Concurrent_runs_on_one_folder_are_kept_apart()
    {
        Directory.CreateDirectory(Output);
        using var other = new FileStream(Journal + ".lock", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);

        var run = await RunAsync("split");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages, Does.Contain("Another lalalai uses"));
    }

    /// <summary>Does what a run does that dies after a start was sent and before its response came.</summary>
    private async Task<TaskId> StartAndDieAsync()
    {
        await using var client = Connect();
        var (source, key) = await UploadAndDieAsync(client);
        return await client.StartAsync(
            source.Id, new StemSeparatorPresets { Stem = Stem.Vocals }, new StartOptions { IdempotencyKey = key });
    }

    /// <summary>Does what a run does that dies just before a start is sent.</summary>
    private async Task<(SourceFile Source, Guid Key)> UploadAndDieAsync(LalalAiClient client)
    {
        var source = await client.UploadAsync(Song);
        var key = Guid.NewGuid();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Song)));
        var service = Sandbox.BaseAddress.ToString();
        var now = DateTimeOffset.UtcNow;
        var presets = new { task_type = "split", label = "stem_separator", stem = "vocals" };
        var uploaded = new { id = source.Id.Value, name = source.Name, duration = source.Duration };
        var modifiedAt = File.GetLastWriteTimeUtc(Song);
        Directory.CreateDirectory(Output);
        File.WriteAllText(Journal, string.Concat(
            JournalFile.Line(new { type = "run", work = 1, service, presets, inputs = new[] { Song }, at = now }),
            JournalFile.Line(
                new { type = "file", work = 1, path = Song, size = source.Size, modified_at = modifiedAt, name = "song", sha256 }),
            JournalFile.Line(new { type = "job", job = 1, work = 1, sha256, input = Song, name = "song", tracks = "song/{stem}.{ext}" }),
            JournalFile.Line(
                new { type = "starting", job = 1, key, minutes = source.Duration!.Value.TotalMinutes, source = uploaded, at = now })));
        return (source, key);
    }
}

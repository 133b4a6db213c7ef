using System.Text.RegularExpressions;
using LalalAi.Cli.Jobs;
using LalalAi.Cli.Journal;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests;

/// <summary>Runs never pay twice, upload without need, or confuse files.</summary>
public sealed class MoneyTests : ServiceFixture
{
    private const string Voice = "b1c7a9de-05f4-4c3a-8d61-7e9f2a4c6b02";
    private const string UpperCaseVoice = "B1C7A9DE-05F4-4C3A-8D61-7E9F2A4C6B02";

    [Test]
    public async Task Tracks_of_another_run_are_not_recordings()
    {
        var music = Path.Combine(Root, "music");
        Directory.CreateDirectory(music);
        SongFile.Write(music, "song.wav", seconds: 0.1);
        await StartAsync("split", music, "-r", "--stem", "vocals", "-o", Path.Combine(music, "out-vocals"));

        var run = await StartAsync("split", music, "-r", "--stem", "drum", "-o", Path.Combine(music, "out-drum"));
        var glob = await StartAsync(
            "split", Path.Combine(music, "**", "*.wav"), "--stem", "bass", "-o", Path.Combine(Root, "elsewhere"));

        Assert.That((run.ExitCode, glob.ExitCode), Is.EqualTo((0, 0)), run.Messages + glob.Messages);
        Assert.That(run.Messages, Does.Contain("2 tracks of earlier runs"));
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(3));
    }

    [Test]
    public async Task An_address_with_and_without_a_slash_is_one_service([Values("", "/")] string end)
    {
        await RunAsync("split");
        Variables[LalalAiClientOptions.BaseAddressVariable] = Sandbox.BaseAddress.ToString().TrimEnd('/').ToUpperInvariant() + end;

        var run = await RunAsync("split", "--json");

        Assert.That(run.Events("skipped"), Has.Count.EqualTo(1), run.Messages);
    }

    [Test]
    public async Task Stems_in_another_order_are_the_same_task()
    {
        await RunAsync("multistem", "--stems", "vocals,drum");

        var run = await RunAsync("multistem", "--stems", "drum,vocals", "--json");

        Assert.That(run.Events("skipped"), Has.Count.EqualTo(1), run.Messages);
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task Both_orders_of_stems_in_one_journal_stay_separate_tasks()
    {
        await RunAsync("multistem", "--stems", "vocals,drum");
        var other = Path.Combine(Root, "other");
        var song = SongFile.Write(Root, "other.wav", seconds: 0.2);
        await StartAsync("multistem", song, "-o", other, "--stems", "drum,vocals");
        JournalFile.Append(Output, other);
        Directory.Move(Path.Combine(other, "other"), Path.Combine(Output, "other"));

        var again = await RunAsync("multistem", "--stems", "vocals,drum", "--json");
        var second = await StartAsync("multistem", song, "-o", Output, "--stems", "drum,vocals", "--json");

        Assert.That((again.Events("skipped").Count, second.Events("skipped").Count), Is.EqualTo((1, 1)), again.Messages + second.Messages);
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(2));
    }

    [TestCase(UpperCaseVoice)]
    [TestCase($"{{{Voice}}}")]
    [TestCase("Sandbox Alto")]
    public async Task A_voice_in_another_spelling_is_the_same_task(string voice)
    {
        await RunAsync("voice", "--voice", Voice);

        var run = await RunAsync("voice", "--voice", voice, "--json");

        Assert.That(run.Events("skipped"), Has.Count.EqualTo(1), run.Messages);
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [TestCase(UpperCaseVoice)]
    [TestCase($"{{{Voice}}}")]
    public async Task A_voice_in_another_spelling_in_the_journal_is_the_same_task(string voice)
    {
        await RunAsync("voice", "--voice", Voice);
        var journal = JournalFile.PathIn(Output);
        File.WriteAllText(journal, File.ReadAllText(journal).Replace(Voice, voice, StringComparison.Ordinal));

        var run = await RunAsync("voice", "--voice", voice);
        var other = await RunAsync("voice", "--voice", Voice);

        Assert.That((run.ExitCode, other.ExitCode), Is.EqualTo((0, 0)), run.Messages + other.Messages);
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [TestCase(UpperCaseVoice)]
    [TestCase($"{{{Voice}}}")]
    public async Task A_voice_is_stored_in_the_spelling_of_the_service(string voice)
    {
        var run = await RunAsync("voice", "--voice", voice);

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(
            (string?)JournalFile.Entries(Output, "run").Single()["presets"]!["voice_pack_id"],
            Is.EqualTo(Voice));
    }

    [Test]
    public void Tracks_with_missing_and_equal_labels_have_names_of_their_own() =>
        Assert.That(
            Enumerable.Range(0, 4).Select(index => TrackNames.Of(["", "Vocals", "vocals", "vocals@1"], index)),
            Is.EqualTo(new[] { "track", "Vocals", "vocals (2)", "backing_vocals" }));

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task A_file_that_is_replaced_before_its_upload_is_not_started(CancellationToken cancellationToken)
    {
        var clock = new TestClock(DateTimeOffset.UtcNow);
        await UseAsync(new SandboxOptions { Speed = double.PositiveInfinity, TimeProvider = clock });
        Sandbox.Faults.Add("delay=1h;on=upload;times=1");
        var songs = Path.Combine(Root, "songs");
        SongFolder.Write(songs, 2);
        string[] command = ["split", songs, "-o", Output, "--json", "--uploads", "1"];

        var running = StartAsync(command, cancellationToken);
        // One is being uploaded from the open file, the other was read and waits.
        await clock.DelayBeginsAsync(TimeSpan.FromHours(1));
        await TestLimit.UntilAsync(() => HashedFiles() == 2, cancellationToken);

        foreach (var song in Directory.GetFiles(songs))
        {
            File.Move(
                SongFile.Write(
                    Root, "other.wav", seconds: 0.2 + (song.Length * 0.01) + (song.EndsWith("0.wav", StringComparison.Ordinal) ? 0.1 : 0)),
                song,
                overwrite: true);
        }

        clock.Advance(TimeSpan.FromHours(1));
        var run = await running;
        var again = await StartAsync(command, cancellationToken);

        Assert.That(run.ExitCode, Is.EqualTo(1), run.Messages);
        Assert.That(run.Messages, Does.Contain("was changed while it was being processed"));
        Assert.That(again.ExitCode, Is.Zero, again.Messages);
        Assert.That(again.Events("uploaded"), Has.Count.EqualTo(1), "What was sent of the other is on the service under its own hash.");
        Assert.That(
            Sandbox.GetReport(), Has.Property(nameof(UsageReport.Starts)).EqualTo(3).And.Property(nameof(UsageReport.StartsRepeated)).Zero);
    }

    [Test]
    public async Task File_is_not_uploaded_if_the_limit_does_not_cover_it()
    {
        var songs = Directory.CreateDirectory(Path.Combine(Root, "songs")).FullName;
        for (var number = 0; number < 6; number++)
        {
            SongFile.Write(songs, $"{number}.wav", seconds: 30 - number);
        }

        var run = await StartAsync("split", songs, "-o", Output, "--max-minutes", "1.2");

        Assert.That(run.ExitCode, Is.EqualTo(4), run.Messages);
        Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task File_is_not_uploaded_if_the_balance_does_not_cover_it()
    {
        await UseAsync(new SandboxOptions { Speed = double.PositiveInfinity, MinutesPerLicense = 0.01 });

        var run = await RunAsync("split");

        Assert.That(run.ExitCode, Is.EqualTo(4), run.Messages);
        Assert.That(Sandbox.GetReport().Uploads, Is.Zero);
    }

    [Test]
    public async Task File_is_not_uploaded_if_its_tracks_do_not_fit_on_the_disk()
    {
        await UseAsync(new SandboxOptions { Speed = double.PositiveInfinity, MinutesPerLicense = 1e12 });
        // A FLAC header with as many samples as it can hold, at one sample per second: two thousand years.
        var song = Path.Combine(Root, "long.flac");
        File.WriteAllBytes(
            song, [.. "fLaC"u8, 0, 0, 0, 34, .. new byte[10], 0x00, 0x00, 0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[16]]);

        var run = await StartAsync("split", song, "--format", "wav", "-o", Output);

        Assert.That(run.ExitCode, Is.EqualTo(1), run.Messages);
        Assert.That(run.Messages, Does.Contain("Not enough disk space").And.Contain("with the same output folder"));
        Assert.That(Sandbox.GetReport().Uploads, Is.Zero);
    }

    [Test]
    public async Task The_service_decides_whether_an_old_task_can_still_be_checked()
    {
        await RunAsync("split");
        var lines = File.ReadAllLines(JournalFile.PathIn(Output)).Where(
            line =>
                !line.Contains("\"type\":\"track\"", StringComparison.Ordinal)
                    && !line.Contains("\"type\":\"done\"", StringComparison.Ordinal));
        File.WriteAllLines(
            JournalFile.PathIn(Output),
            lines.Select(
                line =>
                    line.Contains("\"modified_at\"", StringComparison.Ordinal)
                        ? line
                        : Regex.Replace(line, "\"at\":\"\\d{4}-", "\"at\":\"2020-")));

        var run = await RunAsync("split");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(600 - await MinutesLeftAsync(), Is.EqualTo(1 / 60.0).Within(0.001));
    }

    [Test]
    public async Task A_run_with_nothing_to_do_reads_no_file()
    {
        await RunAsync("split");
        // Another content of the same size and time is noticed only by reading it.
        var time = File.GetLastWriteTimeUtc(Song);
        var content = File.ReadAllBytes(Song);
        content[^1] ^= 1;
        File.WriteAllBytes(Song, content);
        File.SetLastWriteTimeUtc(Song, time);

        var again = await RunAsync("split", "--json");
        var read = await RunAsync("split", "--json", "--checksum");

        Assert.That(again.Events("skipped"), Has.Count.EqualTo(1), again.Messages);
        Assert.That(read.Events("finished"), Has.Count.EqualTo(1), read.Messages);
    }

    [Test]
    public async Task A_journal_with_the_separators_of_another_system_is_continued()
    {
        await RunAsync("split");
        File.WriteAllText(
            JournalFile.PathIn(Output), File.ReadAllText(JournalFile.PathIn(Output)).Replace("song/", @"song\\", StringComparison.Ordinal));

        var run = await RunAsync("split", "--json");

        Assert.That(run.Events("skipped"), Has.Count.EqualTo(1), run.Messages);
    }

    private int HashedFiles() =>
        File.Exists(JournalFile.PathIn(Output)) ? JobJournal.Peek(Output).FilesOf(1).Count(file => file.Sha256 is not null) : 0;
}

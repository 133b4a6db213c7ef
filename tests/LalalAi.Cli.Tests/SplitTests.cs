using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests;

[Parallelizable]
public sealed class SplitTests
{
    private string _directory = null!;

    [SetUp]
    public void Make_a_folder() => _directory = Directory.CreateTempSubdirectory("lalalai-cli").FullName;

    [TearDown]
    public void Remove_the_folder() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task Song_of_the_user_is_split_in_the_sandbox_and_its_tracks_add_up_to_it()
    {
        var song = SongFile.Write(_directory, "my song.wav");

        var run = await CommandRun.StartAsync("split", song, "--stem", "drum", "--sandbox", "-o", Path.Combine(_directory, "out"));

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        var folder = Path.Combine(_directory, "out", "sandbox", "my song");
        Assert.That(
            run.Messages, Does.Contain("SANDBOX: test tracks, not real stems").And.Contain("test tracks from the sandbox, not real stems"));
        Assert.That(run.Lines, Is.EquivalentTo(new[] { Path.Combine(folder, "drum.wav"), Path.Combine(folder, "no_drum.wav") }));
        Assert.That(
            SongFile.Samples(run.Lines[0]).Zip(SongFile.Samples(run.Lines[1]), (stem, rest) => stem + rest),
            Is.EqualTo(SongFile.Samples(song)));
    }

    [Test]
    public async Task Json_is_one_event_a_line_and_nothing_else()
    {
        var song = SongFile.Write(_directory);

        var run = await CommandRun.StartAsync("split", song, "--sandbox", "--json", "-o", _directory);

        var events = run.Lines.Select(JObject.Parse).Where(line => (string?)line["event"] is not ("progress" or "total")).ToList();
        Assert.That(
            events.Select(line => (string?)line["event"]),
            Is.EqualTo(new[] { "began", "uploaded", "started", "downloaded", "downloaded", "finished", "summary" }));
        Assert.That((string?)events[2]["task_id"], Does.Match("^[0-9a-f-]{36}$"));
        Assert.That((long?)events[3]["size"], Is.EqualTo(new FileInfo(song).Length));
    }

    [Test]
    public async Task Demo_splits_a_generated_song_and_lists_the_next_steps()
    {
        var run = await CommandRun.StartAsync("demo", "-o", _directory);

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Lines, Has.Count.EqualTo(2).And.All.Exist);
        Assert.That(run.Messages, Does.Contain("split YOUR-SONG.wav --stem drum --sandbox"));
        var song = SongFile.Samples(Path.Combine(_directory, "demo-song.wav"));
        var tracks = run.Lines.Select(SongFile.Samples).ToList();
        Assert.That(song.Max(), Is.InRange(8000, 32766), "It is loud enough, and does not clip.");
        Assert.That(tracks[0].Zip(tracks[1], (stem, rest) => stem + rest), Is.EqualTo(song));
        Assert.That(tracks, Has.All.Matches<int[]>(samples => samples!.Max() > 1000));
    }

    [Test]
    public async Task Stem_that_the_splitter_does_not_support_is_a_usage_error()
    {
        var run = await CommandRun.StartAsync("split", SongFile.Write(_directory), "--stem", "wind", "--splitter", "lynx", "--sandbox");

        Assert.That((run.ExitCode, run.Data), Is.EqualTo((2, string.Empty)));
        Assert.That(run.Messages, Does.Contain("phoenix"));
    }

    [Test]
    public async Task A_file_that_is_not_there_is_named()
    {
        var run = await CommandRun.StartAsync("split", Path.Combine(_directory, "nowhere.mp3"), "--sandbox");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages, Does.Contain("nowhere.mp3"));
    }

    [Test]
    public async Task Resume_names_the_option_that_a_run_in_the_sandbox_needs()
    {
        var output = Path.Combine(_directory, "out");
        await CommandRun.StartAsync("split", SongFile.Write(_directory), "--sandbox", "-o", output);

        var run = await CommandRun.StartAsync("resume", output);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages, Does.Contain("used a sandbox. Add --sandbox."));
    }

    [Test]
    public async Task Interrupted_run_exits_with_130()
    {
        using var interrupted = new CancellationTokenSource();
        await interrupted.CancelAsync();

        var run = await CommandRun.StartAsync(["split", SongFile.Write(_directory), "--sandbox"], interrupted.Token);

        Assert.That(run.ExitCode, Is.EqualTo(130));
    }
}

using LalalAi.Sandbox;

namespace Samples.Tests;

[CancelAfter(300_000)]
public sealed class FolderWorkerTests
{
    // Long enough for a task that was queued at the speed below to be finished, and short against the lifetime of sources.
    private static readonly TimeSpan UntilFinished = TimeSpan.FromHours(1);
    private static readonly SandboxOptions Queued = new() { Speed = 0.001 };
    private static readonly SandboxOptions Immediate = new() { Speed = double.PositiveInfinity };

    [Test]
    public async Task Worker_splits_every_song_and_sets_failed_ones_aside(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        folder.AddSong("inbox/first.wav");
        folder.AddSong("inbox/fail-no_vocals.wav");
        await using var sandbox = await SandboxServer.StartAsync(Immediate, cancellationToken);
        await using var worker = Start(sandbox, folder);
        await ReadAsync(worker, cancellationToken, "first.wav is done.", "fail-no_vocals.wav failed.");
        folder.AddSong("inbox/late.wav");
        await ReadAsync(worker, cancellationToken, "late.wav is done.");

        Assert.That(folder.Files("*_split_by_lalalai.wav", "done"), Has.Exactly(4).Items);
        Assert.That(folder.Files("error.txt", "failed").Select(File.ReadAllText), Has.One.Contains("no_vocals"));
        Assert.That(folder.Files("*", "working"), Is.Empty);
    }

    [TestCase("Uploading")]
    [TestCase("Starting")]
    [TestCase("Processing")]
    [TestCase("Downloading")]
    public async Task Worker_resumes_a_song_that_was_killed_while(string phase, CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        folder.AddSong("inbox/song.wav");
        await using var sandbox = await SandboxServer.StartAsync(Queued, cancellationToken);
        await using (var killed = Start(sandbox, folder))
        {
            if (phase == "Downloading")
            {
                await killed.ReadLineAsync("song.wav: Processing", cancellationToken);
                sandbox.Advance(UntilFinished);
            }

            await killed.ReadLineAsync($"song.wav: {phase}", cancellationToken);
            await killed.KillAsync();
        }

        await using var worker = Start(sandbox, folder);
        await worker.ReadLineAsync("song.wav: Processing", cancellationToken);
        sandbox.Advance(UntilFinished);
        await worker.ReadLineAsync("song.wav is done.", cancellationToken);

        var report = sandbox.GetReport();
        Assert.That((report.Starts, report.StartsRepeated), Is.EqualTo((1, 0)));
        Assert.That(folder.Files("*_split_by_lalalai.wav", "done"), Has.Exactly(2).Items);
    }

    [Test]
    public async Task Worker_that_is_killed_repeatedly_starts_no_song_twice(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        foreach (var song in Enumerable.Range(0, KillSeries.Songs))
        {
            folder.AddSong($"inbox/{song}.wav");
        }

        await using var sandbox = await SandboxServer.StartAsync(Immediate with { ChecksPerMinute = null }, cancellationToken);
        await KillSeries.RunAsync(
            sandbox,
            () => Start(sandbox, folder),
            () => folder.Count("done") + folder.Count("failed") == KillSeries.Songs,
            cancellationToken);

        // A start that is in flight at the kill can be lost. It is reported, and never paid for again.
        var report = sandbox.GetReport();
        Assert.That((report.Starts, report.StartsRepeated), Is.EqualTo((KillSeries.Songs, 0)));
        Assert.That(folder.Files("error.txt", "failed").Select(File.ReadAllText), Has.All.Contains("its ID was not stored"));
        Assert.That(folder.Files("*_split_by_lalalai.wav", "done"), Has.Exactly(2 * folder.Count("done")).Items);
        await KillSeries.ReportAsync(folder.Count("done"), report);
    }

    [Test]
    public async Task Worker_pays_once_when_an_answer_is_lost(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        folder.AddSong("inbox/song.wav");
        await using var sandbox = await SandboxServer.StartAsync(Queued, cancellationToken);
        sandbox.Faults.Add("lose-response");
        await using var worker = Start(sandbox, folder);
        await worker.ReadLineAsync("song.wav: Processing", cancellationToken);

        Assert.That((sandbox.GetReport().Starts, sandbox.GetReport().StartsRepeated), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Worker_processes_no_more_songs_at_a_time_than_its_limit(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        folder.AddSong("inbox/1.wav");
        folder.AddSong("inbox/2.wav");
        await using var sandbox = await SandboxServer.StartAsync(Immediate, cancellationToken);
        await using var worker = Start(sandbox, folder, "--Songs:Parallel=1");
        await ReadAsync(worker, cancellationToken, "1.wav is done.", "2.wav is done.");

        string[] ends = ["upload", "delete"];
        var order = sandbox.Requests.Select(request => request.Operation).Where(ends.Contains);
        Assert.That(order, Is.EqualTo(["upload", "delete", "upload", "delete"]));
    }

    private static TestProcess Start(SandboxServer sandbox, SongFolder folder, params string[] settings) =>
        SampleProcess.Start("FolderWorker", sandbox, ["--Songs:Folder=" + folder.Path, .. settings]);

    /// <summary>Reads until each of some texts has been written, in any order.</summary>
    private static async Task ReadAsync(TestProcess worker, CancellationToken cancellationToken, params string[] texts)
    {
        foreach (var text in texts.Where(text => !worker.Output.Contains(text, StringComparison.Ordinal)))
        {
            await worker.ReadLineAsync(text, cancellationToken);
        }
    }
}

using LalalAi.Sandbox;

namespace Examples.Tests;

[CancelAfter(120_000)]
public sealed class FolderWorkerTests
{
    [Test]
    public async Task A_folder_is_drained_and_what_fails_is_put_aside_with_the_reason(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        folder.AddSong("inbox/first.wav");
        folder.AddSong("inbox/fail-no_vocals.wav");
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        await using var worker = Start(sandbox, folder);
        await ReadAsync(worker, cancellationToken, "first.wav is done.", "fail-no_vocals.wav failed.");
        folder.AddSong("inbox/late.wav");
        await ReadAsync(worker, cancellationToken, "late.wav is done.");

        Assert.That(folder.Files("*_split_by_lalalai.wav", "done"), Has.Exactly(4).Items);
        Assert.That(folder.Files("error.txt", "failed").Single(), Does.Contain("fail-no_vocals.wav"));
        Assert.That(folder.Files("*", "working"), Is.Empty);
    }

    [Test]
    public async Task A_run_that_is_killed_is_continued_without_sending_or_paying_twice(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        folder.AddSong("inbox/song.wav");
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 0.001 }, cancellationToken);
        await using (var killed = Start(sandbox, folder))
        {
            await ReadAsync(killed, cancellationToken, "song.wav is task");
        }

        sandbox.Advance(TimeSpan.FromHours(2));
        await using var worker = Start(sandbox, folder);
        await ReadAsync(worker, cancellationToken, "song.wav is done.");

        var report = sandbox.GetReport();
        Assert.That((report.Uploads, report.Starts, report.SourcesNeverDeleted.Count), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public async Task An_answer_that_is_lost_is_not_paid_for_twice(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        folder.AddSong("inbox/song.wav");
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 0.001 }, cancellationToken);
        sandbox.Faults.Add("lose-answer");
        await using var worker = Start(sandbox, folder);
        await ReadAsync(worker, cancellationToken, "song.wav is task");

        Assert.That(sandbox.GetReport().StartsRepeated, Is.Zero);
    }

    [Test]
    public async Task No_more_songs_are_worked_on_than_it_is_told(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        folder.AddSong("inbox/1.wav");
        folder.AddSong("inbox/2.wav");
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        await using var worker = Start(sandbox, folder, "--Songs:Parallel=1");
        await ReadAsync(worker, cancellationToken, "1.wav is done.", "2.wav is done.");

        string[] ends = ["upload", "delete"];
        Assert.That(sandbox.Requests.Select(request => request.Operation).Where(ends.Contains), Is.EqualTo(["upload", "delete", "upload", "delete"]));
    }

    private static ExampleProcess Start(SandboxServer sandbox, SongFolder folder, params string[] settings) =>
        ExampleProcess.Start("FolderWorker", sandbox, ["--Songs:Folder=" + folder.Path, .. settings]);

    /// <summary>Reads on until each of some texts has come, in whatever order.</summary>
    private static async Task ReadAsync(ExampleProcess worker, CancellationToken cancellationToken, params string[] texts)
    {
        foreach (var text in texts.Where(text => !worker.Output.Contains(text, StringComparison.Ordinal)))
        {
            await worker.ReadAsync(text, cancellationToken);
        }
    }
}

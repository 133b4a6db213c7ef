using LalalAi.Sandbox;

namespace Examples.Tests;

[CancelAfter(120_000)]
public sealed class ConsoleTests
{
    [Test]
    public async Task A_song_becomes_files_and_its_progress_is_told(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        await using var example = ExampleProcess.Start("Console", sandbox, folder.AddSong("song.wav"), folder.Path);

        Assert.That(await example.ExitAsync(cancellationToken), Is.Zero, example.Output);
        Assert.That(example.Output, Does.Contain("Uploading: 100 %").And.Contain("Done: 100 %").And.Contain("no_vocals: " + folder.Path));
        Assert.That(folder.Files("*_split_by_lalalai.wav"), Has.Exactly(2).Items);
        Assert.That(sandbox.GetReport().SourcesNeverDeleted, Is.Empty);
    }

    [TestCase("song.fault(status=400;code=exceeded_duration;on=start).wav")]
    [TestCase("fail-no_vocals.wav")]
    [TestCase("missing.wav")]
    public async Task What_goes_wrong_is_told_in_a_line_and_an_exit_code(string song, CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        var path = song == "missing.wav" ? Path.Combine(folder.Path, song) : folder.AddSong(song);
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        await using var example = ExampleProcess.Start("Console", sandbox, path, folder.Path);

        Assert.That(await example.ExitAsync(cancellationToken), Is.EqualTo(1), example.Output);
        Assert.That(example.Output, Does.Not.Contain("   at "));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There is no signal to interrupt another process with.")]
    public async Task Whoever_interrupts_it_learns_which_task_goes_on(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 0.001 }, cancellationToken);
        await using var example = ExampleProcess.Start("Console", sandbox, folder.AddSong("song.wav"), folder.Path);
        await example.ReadAsync("Processing", cancellationToken);
        await example.InterruptAsync(cancellationToken);

        Assert.That(await example.ExitAsync(cancellationToken), Is.EqualTo(130), example.Output);
        Assert.That(example.Output, Does.Contain("goes on"));
    }
}

using LalalAi.Sandbox;

namespace Samples.Tests;

[CancelAfter(TestLimit.Milliseconds)]
public sealed class ConsoleTests
{
    [Test]
    public async Task Program_writes_progress_and_tracks(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        await using var sample = SampleProcess.Start("Console", sandbox, folder.AddSong("song.wav"), folder.Path);

        Assert.That(await sample.ExitAsync(cancellationToken), Is.Zero, sample.Errors);
        Assert.That(sample.Errors, Does.Contain("Uploading: 25 %").And.Contain("Done: 100 %"));
        Assert.That(sample.Output, Does.Contain("no_vocals: " + folder.Path));
        Assert.That(folder.Files("*_split_by_lalalai.wav"), Has.Exactly(2).Items);
        Assert.That(sandbox.GetReport().SourcesNeverDeleted, Is.Empty);
    }

    [TestCase("song.fault(status=400;code=exceeded_duration;on=start).wav")]
    [TestCase("fail-no_vocals.wav")]
    [TestCase("missing.wav")]
    public async Task Program_reports_a_failure_in_one_line(string song, CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        var path = song == "missing.wav" ? Path.Combine(folder.Path, song) : folder.AddSong(song);
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        await using var sample = SampleProcess.Start("Console", sandbox, path, folder.Path);

        Assert.That(await sample.ExitAsync(cancellationToken), Is.EqualTo(1), sample.Errors);
        Assert.That(sample.Errors, Does.Not.Contain("   at "));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no signal that interrupts another process.")]
    public async Task Program_names_the_running_task_when_it_is_interrupted(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 0.001 }, cancellationToken);
        await using var sample = SampleProcess.Start("Console", sandbox, folder.AddSong("song.wav"), folder.Path);
        await sample.ReadLineAsync("Processing", cancellationToken);
        await sample.SignalAsync("INT");

        Assert.That(await sample.ExitAsync(cancellationToken), Is.EqualTo(130), sample.Errors);
        Assert.That(sample.Errors, Does.Match("Its task [0-9a-f-]{36} keeps running"));
    }
}

using LalalAi.Sandbox;

namespace Samples.Tests;

[CancelAfter(TestLimit.Milliseconds)]
public sealed class ChatTests
{
    [Test]
    public async Task Chat_splits_a_song_after_the_user_allows_it(CancellationToken cancellationToken)
    {
        using var folder = new SongFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        await using var sample = SampleProcess.Start("Chat", sandbox, folder.AddSong("song.wav"), Path.Combine(folder.Path, "out"), "yes");

        Assert.That(await sample.ExitAsync(cancellationToken), Is.Zero, sample.Output);
        Assert.That(sample.Output, Does.Contain("wants to call split").And.Contain("Here are your tracks").And.Contain("no_vocals.wav"));
        Assert.That(sandbox.GetReport().Starts, Is.EqualTo(1));
    }
}

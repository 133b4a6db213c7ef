using LalalAi;
using LalalAi.Sandbox;

namespace Karaoke;

public sealed class KaraokeMakerTests
{
    [TestCase("song.wav", "sandbox-license-key", "song_no_vocals_split_by_lalalai.wav")]
    [TestCase("song.wav", "sandbox-no-minutes", "No more karaoke today")]
    [TestCase("fail-no_vocals.wav", "sandbox-license-key", "could not be split")]
    public async Task MakeAsync_returns_the_song_or_a_message(string name, string licenseKey, string expected)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity });
        await using var lalal = new LalalAiClient(new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = licenseKey });
        var folder = Directory.CreateTempSubdirectory();
        var song = Path.Combine(folder.FullName, name);
        await File.WriteAllBytesAsync(song, SandboxSong.Create(TimeSpan.FromSeconds(2)));

        Assert.That(await new KaraokeMaker(lalal).MakeAsync(song, folder.FullName), Does.Contain(expected));
        Assert.That(sandbox.GetReport().StartsRepeated, Is.Zero);

        folder.Delete(recursive: true);
    }
}

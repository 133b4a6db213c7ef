namespace LalalAi.Sandbox.Tests;

internal sealed class FlowTests : SandboxFixture
{
    [Test]
    public async Task Stereo_file_is_split_into_two_tracks_that_add_up_to_it()
    {
        var wave = WaveFile.Noise(channels: 2, bits: 16);
        var upload = await Client.UploadAsync(wave.ToBytes());
        Assert.That(upload.Body.ToString(Newtonsoft.Json.Formatting.None), Does.Match(
            $$"""^\{"id":"[0-9a-f-]{36}","name":"song.wav","size":{{wave.ToBytes().Length}},"duration":1,"expires":{{Clock.GetUtcNow().AddHours(24).ToUnixTimeSeconds()}}\}$"""));

        var task = await Client.SplitIdAsync((string)upload.Body["id"]!);
        FinishTasks();
        var links = await Client.GetLinksAsync(task);
        Assert.That(links.Keys, Is.EqualTo(new[] { "vocals", "no_vocals" }));

        var sizes = (await Client.CheckAsync(task))["result"]!["tracks"]!.Select(track => (long)track["size"]!);
        Assert.That(sizes, Has.All.EqualTo(wave.ToBytes().Length));

        var vocals = wave.Decode(await Http.GetByteArrayAsync(links["vocals"]));
        var rest = wave.Decode(await Http.GetByteArrayAsync(links["no_vocals"]));
        Assert.That(vocals.Zip(rest, (a, b) => a + b), Is.EqualTo(wave.Decode(wave.ToBytes())));
    }
}

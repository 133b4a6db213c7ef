using System.Buffers.Binary;
using System.Net;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Dashboard;

/// <summary>What the page shows and plays of sources and tracks.</summary>
internal sealed class PreviewTests : SandboxFixture
{
    protected override SandboxOptions CreateOptions() => base.CreateOptions() with
    {
        Speed = double.PositiveInfinity,
        UseFfmpeg = true,
    };

    [Test]
    public async Task The_samples_of_all_tracks_add_up_to_those_of_the_source()
    {
        var task = await SplitAsync(SandboxSong.Create(TimeSpan.FromSeconds(2)));
        var (source, vocals, rest) = (await ReadAsync(task, "source"), await ReadAsync(task, "0"), await ReadAsync(task, "1"));

        Assert.That(source, Has.Length.EqualTo(2 * 44_100 * 2));
        Assert.That(vocals.Zip(rest, (first, second) => first + second), Is.EqualTo(source.Select(sample => (int)sample)));
    }

    [Test]
    public async Task A_preview_outlines_the_loudest_samples()
    {
        var task = await SplitAsync(SandboxSong.Create(TimeSpan.FromSeconds(2)));
        var preview = await GetAsync(task, "source/preview");
        var peaks = (byte[])preview["peaks"]!;
        var samples = await ReadAsync(task, "source");

        Assert.That(((int)preview["sample_rate"]!, (int)preview["channels"]!, (long)preview["frames"]!), Is.EqualTo((44_100, 2, 88_200L)));
        Assert.That(peaks, Has.Length.EqualTo(2 * 2000));
        Assert.That(peaks.Max(peak => (sbyte)peak), Is.EqualTo(Math.Round(samples.Max() / 32768.0 * 128)));
        Assert.That(peaks.Min(peak => (sbyte)peak), Is.EqualTo(Math.Round(samples.Min() / 32768.0 * 128)));
    }

    [Test]
    public async Task Tracks_of_a_compressed_source_can_be_heard_too()
    {
        var task = await SplitAsync(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Media", "song.mp3")), "song.mp3");

        Assert.That((await ReadAsync(task, "0")).Max(), Is.GreaterThan(1000));
        Assert.That((int)(await GetAsync(task, "1/preview"))["sample_rate"]!, Is.EqualTo(44_100));
    }

    [Test]
    public async Task A_short_file_has_a_column_for_each_frame()
    {
        var task = await SplitAsync(new WaveFile(1, 16, IsFloat: false, IsExtensible: false, new byte[12]).ToBytes());

        Assert.That((byte[])(await GetAsync(task, "source/preview"))["peaks"]!, Has.Length.EqualTo(2 * 6));
    }

    [Test]
    public async Task A_file_is_sent_as_what_it_is_and_cannot_run()
    {
        var task = await SplitAsync("<script>alert(1)</script>"u8.ToArray(), "page.html");
        using var response = await Http.GetAsync($"/_sandbox/tasks/{task}/source/file");

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/octet-stream"));
        Assert.That(response.Content.Headers.ContentDisposition?.ToString(), Is.EqualTo("attachment; filename=\"page.html\""));
        Assert.That(response.Headers.GetValues("Content-Security-Policy").Single(), Is.EqualTo("sandbox; default-src 'none'"));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
    }

    [TestCase("2/file")]
    [TestCase("-1/file")]
    [TestCase("0/samples?first=-1&count=1")]
    [TestCase("0/other")]
    [TestCase("source/preview")]
    public async Task Preview_of_content_without_audio_is_not_found(string path)
    {
        var task = await SplitAsync(new byte[100]);
        using var response = await Http.GetAsync($"/_sandbox/tasks/{task}/{path}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private async Task<string> SplitAsync(byte[] content, string name = "song.wav") =>
        await Client.SplitIdAsync((string)(await Client.UploadAsync(content, $"attachment; filename={name}")).Body["id"]!);

    private async Task<JObject> GetAsync(string task, string path) => JObject.Parse(await Http.GetStringAsync($"/_sandbox/tasks/{task}/{path}"));

    private async Task<short[]> ReadAsync(string task, string track)
    {
        var bytes = await Http.GetByteArrayAsync($"/_sandbox/tasks/{task}/{track}/samples?first=0&count=1000000");
        return [.. bytes.Chunk(2).Select(sample => BinaryPrimitives.ReadInt16LittleEndian(sample))];
    }
}

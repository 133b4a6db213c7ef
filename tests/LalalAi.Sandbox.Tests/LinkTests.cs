using System.Net;
using System.Net.Http.Headers;

namespace LalalAi.Sandbox.Tests;

internal sealed class LinkTests : SandboxFixture
{
    [Test]
    public async Task A_link_is_on_another_origin_and_needs_no_key()
    {
        var link = new Uri(await GetLinkAsync());

        Assert.That(link.Host, Is.EqualTo("127.0.0.1"));
        Assert.That(link.Port, Is.Not.EqualTo(Server.BaseAddress.Port));
        using var response = await Http.GetAsync(link);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_link_that_is_asked_for_with_a_key_is_served()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, await GetLinkAsync());
        request.Headers.Add("X-License-Key", Server.LicenseKey);
        using var response = await Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("song.wav", null, "attachment; filename=\"song_vocals_split_by_lalalai.wav\"", "audio/wav")]
    [TestCase("song.wav", "mp3", "attachment; filename=\"song_vocals_split_by_lalalai.mp3\"", "audio/mpeg")]
    [TestCase("song.wav", "flac", "attachment; filename=\"song_vocals_split_by_lalalai.flac\"", "audio/flac")]
    [TestCase("song.xyz", null, "attachment; filename=\"song_vocals_split_by_lalalai.xyz\"", "application/octet-stream")]
    [TestCase("my \"b\" song.mp3", null, "attachment; filename=\"my \\\"b\\\" song_vocals_split_by_lalalai.mp3\"", "audio/mpeg")]
    [TestCase("天 ï.mp3", null, "attachment; filename=\"_ __vocals_split_by_lalalai.mp3\"; filename*=UTF-8''%E5%A4%A9%20%C3%AF_vocals_split_by_lalalai.mp3", "audio/mpeg")]
    public async Task A_download_is_named_after_the_source_the_track_and_the_format(string name, string? format, string disposition, string contentType)
    {
        using var response = await Http.GetAsync(await GetLinkAsync(name, format));

        Assert.That(response.Content.Headers.GetValues("Content-Disposition"), Is.EqualTo(new[] { disposition }));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo(contentType));
    }

    [Test]
    public async Task A_label_with_an_at_sign_makes_a_link_that_works()
    {
        var source = await Client.UploadIdAsync(WaveFile.Noise(1, 16).ToBytes());
        var start = await Client.StartAsync("split/stem_separator/", source, new { stem = "vocals", multivocal = "lead_back" });
        FinishTasks();

        foreach (var link in (await Client.GetLinksAsync((string)start.Body["task_id"]!)).Values)
        {
            using var response = await Http.GetAsync(link);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), link);
        }
    }

    [TestCase("bytes=0-9", 206, "bytes 0-9/1000")]
    [TestCase("bytes=990-", 206, "bytes 990-999/1000")]
    [TestCase("bytes=-5", 206, "bytes 995-999/1000")]
    [TestCase("bytes=1000-", 416, "bytes */1000")]
    public async Task A_range_is_served(string range, int status, string contentRange)
    {
        var link = await GetLinkAsync();
        var whole = await Http.GetByteArrayAsync(link);
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Range = RangeHeaderValue.Parse(range);
        using var response = await Http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Content.Headers.ContentRange?.ToString(), Is.EqualTo(contentRange));
        if (status == 206)
        {
            var (from, to) = ((int)response.Content.Headers.ContentRange!.From!, (int)response.Content.Headers.ContentRange.To!);
            Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(whole[from..(to + 1)]));
        }
    }

    [TestCase(true, 206)]
    [TestCase(false, 200)]
    public async Task A_range_is_served_only_of_the_file_that_the_client_knows(bool same, int status)
    {
        var link = await GetLinkAsync();
        using var whole = await Http.GetAsync(link);
        Assert.That(whole.Headers.ETag, Is.Not.Null);
        Assert.That(whole.Headers.ETag.IsWeak, Is.False);

        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Range = new RangeHeaderValue(10, 20);
        request.Headers.IfRange = new RangeConditionHeaderValue(same ? whole.Headers.ETag : new EntityTagHeaderValue("\"other\""));
        using var response = await Http.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Tracks_of_a_task_have_different_tags()
    {
        var task = await FinishTaskAsync("song.mp3", null);
        var tags = new List<string>();
        foreach (var link in (await Client.GetLinksAsync(task)).Values)
        {
            using var response = await Http.GetAsync(link);
            tags.Add(response.Headers.ETag!.Tag);
        }

        Assert.That(tags, Is.Unique);
    }

    [Test]
    public async Task HEAD_returns_the_length_without_the_bytes()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, await GetLinkAsync());
        using var response = await Http.SendAsync(request);

        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(1000));
        Assert.That(response.Headers.AcceptRanges, Is.EqualTo(new[] { "bytes" }));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task A_link_is_only_for_reading()
    {
        using var response = await Http.PostAsync(await GetLinkAsync(), null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [Test]
    public async Task A_link_expires_and_a_later_check_hands_out_a_fresh_one()
    {
        var task = await FinishTaskAsync("song.mp3", null);
        var link = (await Client.GetLinksAsync(task))["vocals"];
        Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.That(await GetStatusAsync(link), Is.EqualTo(200));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await GetStatusAsync(link), Is.EqualTo(403));

        Assert.That(await GetStatusAsync((await Client.GetLinksAsync(task))["vocals"]), Is.EqualTo(200));
    }

    [TestCase("label")]
    [TestCase("signature")]
    [TestCase("expires")]
    [TestCase("no expires")]
    [TestCase("task")]
    public async Task A_link_that_was_tampered_with_is_rejected(string part)
    {
        var link = new Uri(await GetLinkAsync());
        var segments = link.AbsolutePath.Split('/');
        var query = link.Query;
        switch (part)
        {
            case "label": segments[3] = "no_vocals"; break;
            case "signature": segments[2] = new string('0', 64); break;
            case "task": segments[1] = Guid.NewGuid().ToString(); break;
            case "expires": query = "?expires=99999999999"; break;
            default: query = ""; break;
        }

        Assert.That(await GetStatusAsync($"{link.GetLeftPart(UriPartial.Authority)}{string.Join('/', segments)}{query}"), Is.EqualTo(403));
    }

    [TestCase("/")]
    [TestCase("/a/b/c")]
    [TestCase("/api/v1/check/")]
    public async Task Link_that_the_sandbox_did_not_create_is_not_found(string path)
    {
        var link = new Uri(await GetLinkAsync());

        Assert.That(await GetStatusAsync(link.GetLeftPart(UriPartial.Authority) + path), Is.EqualTo(404));
    }

    private async Task<int> GetStatusAsync(string link)
    {
        using var response = await Http.GetAsync(link);
        return (int)response.StatusCode;
    }

    private async Task<string> GetLinkAsync(string name = "song.mp3", string? format = null) =>
        (await Client.GetLinksAsync(await FinishTaskAsync(name, format)))["vocals"];

    private async Task<string> FinishTaskAsync(string name, string? format)
    {
        var bytes = new byte[1000];
        new Random(5).NextBytes(bytes);
        var upload = await Client.UploadAsync(bytes, new ContentDispositionHeaderValue("attachment") { FileNameStar = name }.ToString());
        var start = await Client.StartAsync("split/stem_separator/", (string)upload.Body["id"]!, new { stem = "vocals", encoder_format = format });
        FinishTasks();
        return (string)start.Body["task_id"]!;
    }
}

using System.Net.Sockets;
using System.Text;

namespace LalalAi.Sandbox.Tests;

internal sealed class UploadTests : SandboxFixture
{
    private static readonly byte[] Song = SandboxSong.Create(TimeSpan.FromSeconds(0.1));
    private static readonly byte[] Bytes = [1, 2, 3];

    protected override SandboxOptions CreateOptions() => base.CreateOptions() with { MaxUploadBytes = 300_000 };

    [TestCase("attachment; filename=song.mp3", "song.mp3")]
    [TestCase("attachment; filename=\"my song.mp3\"", "my song.mp3")]
    [TestCase("ATTACHMENT;FILENAME=\"song.mp3\"", "song.mp3")]
    [TestCase("attachment; filename=\"a \\\"b\\\".mp3\"", "a \"b\".mp3")]
    [TestCase("attachment; filename*=utf-8''na%C3%AFve%20%E2%82%AC.mp3", "naïve €.mp3")]
    [TestCase("attachment; filename=\"plain.mp3\"; filename*=UTF-8''ext%C3%A9nd.mp3", "exténd.mp3")]
    [TestCase("attachment; filename*=UTF-8''%E5%A4%A9.mp3; filename=\"plain.mp3\"", "天.mp3")]
    [TestCase("attachment; filename=\"=?utf-8?B?c29uZw==?=.mp3\"", "=?utf-8?B?c29uZw==?=.mp3")]
    [TestCase("attachment; filename=\"/home/me/music/song.mp3\"", "song.mp3")]
    [TestCase("attachment; filename*=UTF-8''..%2F..%2Fevil.mp3", "evil.mp3")]
    [TestCase("attachment; filename*=UTF-8''C%3A%5CUsers%5Cme%5Csong.mp3", "song.mp3")]
    [TestCase("attachment; filename*=UTF-8''a%0D%0Ab.mp3", "ab.mp3")]
    public async Task A_name_is_read_and_only_its_last_part_kept(string disposition, string name)
    {
        var answer = await Client.UploadAsync(Bytes, disposition);

        Assert.That(answer.Code, Is.EqualTo(200), answer.Body.ToString());
        Assert.That((string?)answer.Body["name"], Is.EqualTo(name));
    }

    [TestCase("attachment")]
    [TestCase("attachment; filename=")]
    [TestCase("attachment; filename=\"\"")]
    [TestCase("attachment; filename=\"..\"")]
    [TestCase("attachment; filename=\"music/\"")]
    [TestCase("attachment; filename=two words.mp3")]
    [TestCase("attachment; filename=na\u00EFve.mp3")]
    [TestCase("attachment; filename*=song.mp3")]
    [TestCase("inline; filename=song.mp3")]
    [TestCase("form-data; name=file; filename=song.mp3")]
    [TestCase("song.mp3")]
    public async Task A_name_that_cannot_be_read_is_rejected(string disposition)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(Server.BaseAddress.Host, Server.BaseAddress.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"POST /api/v1/upload/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-License-Key: {Server.LicenseKey}\r\nContent-Disposition: {disposition}\r\nContent-Length: 1\r\n\r\nx"));
        var answer = await new StreamReader(stream).ReadToEndAsync();

        Assert.That(answer, Does.StartWith("HTTP/1.1 422 "));
        Assert.That(answer, Does.Contain("""{"detail":[{"loc":["header","Content-Disposition"],"msg":"Input should be"""));
    }

    [Test]
    public async Task An_upload_without_a_name_is_rejected()
    {
        var answer = await Client.SendAsync("upload/", new ByteArrayContent(Bytes));

        Assert.That((answer.Code, answer.Fault), Is.EqualTo((422, ("header.Content-Disposition", "missing"))));
    }

    [TestCase("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=file; filename=song.mp3\r\n\r\nbytes\r\n--x--")]
    [TestCase("multipart/form-data; boundary=\"x y\"", "--x y\r\n\r\nbytes\r\n--x y--")]
    [TestCase("application/octet-stream", "--x\r\ncontent-disposition: form-data; name=file\r\n\r\nbytes\r\n--x--")]
    [TestCase(null, "--x\r\nContent-Type: audio/wav\r\nContent-Disposition: form-data; name=file\r\n\r\nbytes\r\n--x--")]
    [TestCase("application/x-www-form-urlencoded", "file=song.mp3&stem=vocals")]
    [TestCase("application/x-www-form-urlencoded; charset=utf-8", "file=%00%01")]
    public async Task An_upload_that_is_a_form_is_rejected(string? contentType, string body)
    {
        var answer = await Client.UploadAsync(Encoding.Latin1.GetBytes(body), contentType: contentType);

        Assert.That((answer.Code, answer.Fault), Is.EqualTo((422, ("body", "value_error"))));
    }

    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("multipart/form-data")]
    [TestCase("audio/mpeg")]
    [TestCase("audio/wav")]
    [TestCase("video/mp4")]
    [TestCase("application/json")]
    [TestCase("text/plain; charset=utf-8")]
    [TestCase("nonsense")]
    public async Task Upload_of_raw_bytes_is_accepted_with_any_content_type(string contentType)
    {
        using var content = new ByteArrayContent(Song);
        content.Headers.TryAddWithoutValidation("Content-Disposition", "attachment; filename=song.wav");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var answer = await Client.SendAsync("upload/", content);

        Assert.That((answer.Code, (int?)answer.Body["size"]), Is.EqualTo((200, (int?)Song.Length)), answer.Body.ToString());
    }

    [Test]
    public async Task Upload_without_a_content_type_is_accepted()
    {
        Assert.That((await Client.UploadAsync(Bytes, contentType: null)).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task An_empty_upload_is_rejected()
    {
        Assert.That((await Client.UploadAsync([])).Fault, Is.EqualTo(("body", "missing")));
    }

    [TestCase(300_000, false, 200)]
    [TestCase(300_001, false, 400)]
    [TestCase(300_001, true, 400)]
    public async Task Upload_over_the_limit_is_rejected_with_and_without_a_length(int length, bool chunked, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/upload/") { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.Add("X-License-Key", Server.LicenseKey);
        request.Headers.TransferEncodingChunked = chunked;
        request.Content.Headers.TryAddWithoutValidation("Content-Disposition", "attachment; filename=a.mp3");
        using var response = await Http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(await response.Content.ReadAsStringAsync(), status == 200 ? Does.Contain("\"size\":300000") : Does.Contain("\"code\":\"exceeded_size\""));
    }

    [Test]
    public async Task An_upload_larger_than_the_usual_limit_of_a_web_server_passes()
    {
        await using var server = await SandboxServer.StartAsync(DummyContent);
        using var client = new ApiClient(server);
        var answer = await client.UploadAsync(new byte[31_000_000], "attachment; filename=long.mp3");

        Assert.That(((long)answer.Body["size"]!, (int)answer.Body["duration"]!), Is.EqualTo((31_000_000, 1938)));
    }
}

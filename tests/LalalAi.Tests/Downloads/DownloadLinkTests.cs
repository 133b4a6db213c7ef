using System.Net;

namespace LalalAi.Tests.Downloads;

internal sealed class DownloadLinkTests : DownloadFixture
{
    [TestCase("http://cdn.example/t/1?signature=a%2Fb%3D&x=1", "https://cdn.example/t/1?signature=a%2Fb%3D&x=1")]
    [TestCase("http://cdn.example:8080/t/1", "https://cdn.example/t/1")]
    [TestCase("HTTP://CDN.example/t/1", "https://cdn.example/t/1")]
    [TestCase("https://cdn.example:8443/t/1", "https://cdn.example:8443/t/1")]
    [TestCase("http://127.0.0.1:8080/t/1", "http://127.0.0.1:8080/t/1")]
    [TestCase("http://localhost/t/1", "http://localhost/t/1")]
    [TestCase("http://[::1]:81/t/1", "http://[::1]:81/t/1")]
    public async Task Link_is_requested_over_https_unless_it_is_on_loopback(string link, string asked)
    {
        using var handler = new Recorder();

        await NewClient(handler).DownloadAsync(MakeTrack(link), Stream.Null, null, default);

        Assert.That(handler.Asked!.AbsoluteUri, Is.EqualTo(asked));
    }

    [TestCase("http://cdn\uFFFD.example/t/1")]
    [TestCase("file:///etc/passwd")]
    [TestCase("ftp://cdn.example/1.wav")]
    [TestCase("javascript:alert(1)")]
    public async Task Link_that_is_not_an_http_URL_is_rejected(string link)
    {
        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewClient().DownloadAsync(MakeTrack(link), Folder));

        Assert.That(exception!.Message, Does.Contain("vocals").And.Contain("http"));
        Assert.That(Files, Is.Empty);
    }

    [Test]
    public async Task The_license_key_is_not_sent_even_to_the_API_s_own_origin()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 1000 : null });
        var options = MakeOptions();
        options.BaseAddress = server.Address;
        await using var client = new LalalAiClient(options);

        await client.DownloadAsync(MakeTrack(new Uri(server.Address, "t")), Folder + "/");

        Assert.That(server.Requests, Has.Count.EqualTo(2));
        Assert.That(server.Requests.SelectMany(request => request.Headers), Has.None.Matches<KeyValuePair<string, string>>(header => header.Key.Contains("license", StringComparison.OrdinalIgnoreCase) || header.Value.Contains(options.LicenseKey, StringComparison.Ordinal)));
        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [TestCase(403)]
    [TestCase(404)]
    [TestCase(410)]
    public async Task An_expired_link_is_renewed_by_a_check(int status)
    {
        var server = Serve(
            request => request.Path == "/new" ? ScriptedResponse.File(request, Content) : new ScriptedResponse { Status = status });
        var checks = 0;
        var downloader = NewClient(check: () =>
        {
            checks++;
            return MakeTask(MakeTrack(new Uri(server.Address, "wrong"), "no_vocals"), MakeTrack(new Uri(server.Address, "new")));
        });

        await downloader.DownloadAsync(MakeTrack(new Uri(server.Address, "old")), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(checks, Is.EqualTo(1));
        Assert.That(server.Requests.Select(request => request.Path), Is.EqualTo(new[] { "/old", "/new" }));
    }

    [Test]
    public async Task Link_that_expires_during_a_download_is_renewed_and_the_download_resumes()
    {
        var server = Serve(request => request.Number switch
        {
            1 => ScriptedResponse.File(request, Content) with { CutAfter = 100_000 },
            2 => new ScriptedResponse { Status = 403 },
            _ => ScriptedResponse.File(request, Content),
        });
        var downloader = NewClient(check: () => MakeTask(MakeTrack(new Uri(server.Address, "new"))));

        await downloader.DownloadAsync(MakeTrack(new Uri(server.Address, "old")), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(server.Requests[2].From, Is.EqualTo(100_000));
    }

    [Test]
    public async Task Link_is_renewed_once_before_the_download_fails()
    {
        var server = Serve(_ => new ScriptedResponse { Status = 404 });
        var checks = 0;
        var downloader = NewClient(check: () =>
        {
            checks++;
            return MakeTask(MakeTrack(server.Address));
        });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => downloader.DownloadAsync(MakeTrack(new Uri(server.Address, "t?signature=s3cret")), Folder));

        Assert.That(checks, Is.EqualTo(1));
        Assert.That(exception!.StatusCode, Is.EqualTo(404));
        Assert.That(exception.Message, Does.Contain("a new link has the same problem").And.Contain("one hour").And.Contain("24 hours").And.Contain(Task1.Value).And.Not.Contains("s3cret"));
        Assert.That(exception.Track.Label, Is.EqualTo("vocals"));
        Assert.That(Files, Is.Empty);
    }

    private static readonly TestCaseData[] NoNewLinks =
    [
        new TestCaseData(new TaskLookupFailed { TaskId = Task1, Message = "unknown" }, "a check of its task returned no new link")
            .SetArgDisplayNames("the task is not known"),
        new TestCaseData(MakeTask(MakeTrack("http://127.0.0.1/", "no_vocals")), "a check of its task returned no new link")
            .SetArgDisplayNames("another track"),
        new TestCaseData(null, "the check for a new link failed.").SetArgDisplayNames("the check fails"),
    ];

    [TestCaseSource(nameof(NoNewLinks))]
    public async Task DownloadAsync_throws_without_a_new_link(TaskState? state, string why)
    {
        var server = Serve(_ => new ScriptedResponse { Status = 410 });
        var options = MakeOptions();
        options.MaxRetries = 0;
        var client = NewClient(options, state is null ? null : () => state);

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => client.DownloadAsync(MakeTrack(server.Address), Folder));

        Assert.That(exception!.StatusCode, Is.EqualTo(410));
        Assert.That(exception.Message, Does.Contain(why));
    }

    [Test]
    public async Task DownloadAsync_renews_a_missing_link_before_the_first_request()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var client = NewClient(check: () => MakeTask(MakeTrack(new Uri(server.Address, "new"))));

        await client.DownloadAsync(MakeTrack(server.Address) with { Url = null }, Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(server.Requests.Single().Path, Is.EqualTo("/new"));
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task DownloadAsync_distinguishes_tracks_with_the_same_label_by_their_position(int index)
    {
        var server = Serve(request => ScriptedResponse.File(request, request.Path == "/1" ? OtherContent : Content));
        var client = NewClient(
            check: () => MakeTask(MakeTrack(new Uri(server.Address, "0"), ""), MakeTrack(new Uri(server.Address, "1"), "")));

        var file = await client.DownloadAsync(MakeTrack(server.Address, "") with { Url = null, Index = index }, Folder);

        Assert.That(await File.ReadAllBytesAsync(file.Path), Is.Array(index == 1 ? OtherContent : Content));
    }

    [Test]
    public async Task DownloadAsync_does_not_guess_between_tracks_with_one_label()
    {
        var client = NewClient(check: () => MakeTask(MakeTrack("http://127.0.0.1/0"), MakeTrack("http://127.0.0.1/1")));

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => client.DownloadAsync(MakeTrack("http://127.0.0.1/") with { Url = null }, Folder));

        Assert.That(exception!.Message, Does.Contain("2 tracks have the label 'vocals'"));
    }

    [Test]
    public async Task DownloadAsync_renews_a_link_again_after_progress()
    {
        var server = Serve(request => (request.Number % 2) switch
        {
            1 => ScriptedResponse.File(request, Content) with { CutAfter = 50_000 },
            _ => new ScriptedResponse { Status = 403 },
        });
        var client = NewClient(check: () => MakeTask(MakeTrack(new Uri(server.Address, "new"))));

        await client.DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    private sealed class Recorder : HttpMessageHandler
    {
        public Uri? Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = request.RequestUri;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([1, 2, 3]) });
        }
    }
}

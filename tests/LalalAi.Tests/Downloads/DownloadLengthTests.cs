using System.Net.Http.Headers;

namespace LalalAi.Tests.Downloads;

/// <summary>The length of a track: reported, missing and contradictory sizes.</summary>
internal sealed class DownloadLengthTests : DownloadFixture
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Body_of_the_wrong_length_is_never_accepted(bool isLonger)
    {
        var server = Serve(
            request => ScriptedResponse.File(request, Content) with { ContentLength = Content.Length + (isLonger ? 1 : -1) });
        var download = NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        if (isLonger)
        {
            var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => download);
            Assert.That(exception!.Message, Does.Match(@"^Download of the track 'vocals' after 200003 of 200004 bytes: the connection to 127\.0\.0\.1:\d+ failed\. \S"));
            Assert.That(Files, Has.None.EqualTo("song.wav"));
        }
        else
        {
            // HTTP ends the body where it said it would; what comes after it is not part of it.
            Assert.That((await download).Size, Is.EqualTo(Content.Length - 1));
        }
    }

    [Test]
    public async Task A_body_of_unknown_length_is_complete_when_it_ends()
    {
        var chunked = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"u8.ToArray();
        var server = Serve(request => ScriptedResponse.File(request, chunked) with { ContentLength = -1, Headers = ["Transfer-Encoding: chunked"], CutAfter = request.Number == 1 ? 8 : null });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("vocals"), Is.EqualTo("abcde"u8.ToArray()));
    }

    [Test]
    public async Task Body_without_a_length_is_compared_with_the_size_of_the_task()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { ContentLength = -1, CutAfter = request.Number == 1 ? 100_000 : null });

        await NewClient().DownloadAsync(MakeTrack(server.Address, size: Content.Length), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, 100_000 }));
    }

    [TestCase(200_002, "sent more than the 200002 bytes that the track has")]
    [TestCase(200_004, "after 200003 of 200004 bytes")]
    public async Task Body_without_a_length_and_with_another_size_is_rejected(long size, string why)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, etag: null) with { ContentLength = -1 });

        var exception = await Assert.CatchAsync<LalalAiException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address, size: size), Folder));

        Assert.That(exception!.Message, Does.Contain(why));
        Assert.That(Files, Has.None.EqualTo("song.wav"));
    }

    [Test]
    public async Task Length_in_a_later_response_is_verified()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with
        {
            ContentLength = -1,
            CutAfter = request.Number == 1 ? 100_000 : request.Number == 2 ? 50_000 : null,
            Headers = request.Number == 1 ? ["ETag: \"one\"", "Transfer-Encoding: chunked"] : [$"Content-Range: bytes {request.From}-200002/200003", "ETag: \"one\""],
            Content = request.Number == 1 ? [.. "30d43\r\n"u8, .. Content] : Content[request.From!.Value..],
        });

        var file = await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(await File.ReadAllBytesAsync(file.Path), Is.Array(Content));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    private static readonly TestCaseData[] WrongSizes =
    [
        new TestCaseData((ScriptedRequest request) => ScriptedResponse.File(request, Content)).SetArgDisplayNames("a length"),
        new TestCaseData((ScriptedRequest request) => ScriptedResponse.File(request, Chunked(Content)) with
        {
            ContentLength = -1,
            Headers = ["Transfer-Encoding: chunked"],
        }).SetArgDisplayNames("chunks"),
        new TestCaseData((ScriptedRequest request) => ScriptedResponse.File(request, Content) with { ContentLength = -1 })
            .SetArgDisplayNames("the end of the connection"),
        new TestCaseData((ScriptedRequest request) => ScriptedResponse.File(request, []) with { ContentLength = 0 }).SetArgDisplayNames("nothing"),
    ];

    [TestCaseSource(nameof(WrongSizes))]
    public async Task DownloadAsync_rejects_content_that_does_not_have_the_size_of_the_task(Func<ScriptedRequest, ScriptedResponse> response)
    {
        var server = Serve(response);

        foreach (var size in new[] { 1L, 100_000, 200_002, 200_004, 1_000_000 })
        {
            await Assert.CatchAsync<LalalAiException>(() => NewClient().DownloadAsync(MakeTrack(server.Address, size: size), Folder));
            Assert.That(Files, Has.None.EqualTo("song.wav").And.None.EqualTo("vocals"));
        }
    }

    [Test]
    public async Task DownloadAsync_believes_a_later_answer_with_the_size_of_the_task()
    {
        var server = Serve(
            request => ScriptedResponse.File(request, request.Number == 1 ? OtherContent : Content, etag: $"\"{request.Number}\""));

        await NewClient().DownloadAsync(MakeTrack(server.Address, size: Content.Length), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [Test]
    public async Task DownloadAsync_rejects_a_resumed_part_that_does_not_have_the_size_of_the_task()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 100_000 : null });
        var options = MakeOptions();
        options.MaxRetries = 0;
        await Assert.CatchAsync(() => NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder));

        await Assert.CatchAsync<LalalAiException>(() => NewClient().DownloadAsync(MakeTrack(server.Address, size: 150_000), Folder));

        Assert.That(Files, Has.None.EqualTo("song.wav"));
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task DownloadAsync_stops_an_endless_body_after_the_size_of_the_task(CancellationToken cancellationToken)
    {
        // The server would never stop. The download ends after the size that the task reported.
        var server = Serve(request => ScriptedResponse.File(request, [.. Content, .. Content]) with { ContentLength = -1, HoldAfter = 2 * Content.Length });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address, size: Content.Length), Folder, cancellationToken: cancellationToken));

        Assert.That(exception!.Message, Does.Contain("sent more than the 200003 bytes"));
        Assert.That(Files, Is.Empty);
    }

    [Test]
    public async Task DownloadAsync_rejects_a_complete_part_that_does_not_have_the_size_of_the_task()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllBytesAsync(PathOf("song.wav.part"), Content);
        await File.WriteAllTextAsync(
            PathOf(VocalsRecord),
            $$"""{"task":"{{Task1}}","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","total":200003,"flushed":200003}""");

        await Assert.CatchAsync<LalalAiException>(() => NewClient().DownloadAsync(MakeTrack(server.Address, size: 150_000), Folder));

        Assert.That(Files, Has.None.EqualTo("song.wav"));
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task DownloadAsync_stops_a_body_of_unknown_size_after_10_gigabytes(CancellationToken cancellationToken)
    {
        using var handler = new EndlessTrack();

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient(handler).DownloadAsync(MakeTrack("https://cdn.example/"), Stream.Null, cancellationToken: cancellationToken));

        Assert.That(exception!.Message, Does.Contain("sent more than 10000000000 bytes (10 GB) without saying how large the track is"));
        Assert.That(handler.Requests, Is.EqualTo(1));
    }

    [Test]
    [Platform("Linux,MacOsX", Reason = "The file is sparse: it takes no room.")]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task DownloadAsync_leaves_no_part_of_a_body_of_unknown_size(CancellationToken cancellationToken)
    {
        using var handler = new EndlessTrack();
        await using (var part = File.Create(PathOf("song.wav.part")))
        {
            part.SetLength(9_999_999_999);
        }

        await File.WriteAllTextAsync(
            PathOf(VocalsRecord),
            $$"""{"task":"{{Task1}}","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","flushed":9999999999}""",
            cancellationToken);

        await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient(handler).DownloadAsync(MakeTrack("https://cdn.example/"), Folder, cancellationToken: cancellationToken));

        Assert.That(handler.Requests, Is.EqualTo(1));
        Assert.That(Files, Is.Empty);
    }

    private static readonly TestCaseData[] Ends =
    [
        End("416 with the size", request => ScriptedResponse.File(request, Content), requests: 2),
        End("416 without the size", request => request.From is null ? new() : new() { Status = 416 }, requests: 2),
        End("the whole track with its length", request => ScriptedResponse.File(request, Content, ranges: false), requests: 2),
        End(
            "416 after a failure",
            request => request.Number == 2 ? new() { Status = 503 } : ScriptedResponse.File(request, Content),
            requests: 3),
    ];

    [TestCaseSource(nameof(Ends))]
    public async Task DownloadAsync_asks_where_a_body_without_any_length_ends(Func<ScriptedRequest, ScriptedResponse> response, int requests)
    {
        var server = Serve(request => request.Number == 1
            ? ScriptedResponse.File(request, Content, etag: null) with { ContentLength = -1 }
            : response(request));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That((server.Requests.Count, server.Requests[^1].From), Is.EqualTo((requests, (int?)Content.Length)));
    }

    [TestCase("\"one\"", true, TestName = "DownloadAsync_resumes_a_body_without_any_length_that_was_cut")]
    [TestCase(null, true, TestName = "DownloadAsync_starts_a_body_without_any_length_over_that_was_cut_and_has_no_tag")]
    [TestCase(null, false, TestName = "DownloadAsync_starts_a_body_without_any_length_over_that_was_cut_and_has_no_ranges")]
    public async Task DownloadAsync_notices_that_a_body_without_any_length_was_cut(string? etag, bool ranges)
    {
        var server = Serve(request =>
        {
            var response = ScriptedResponse.File(request, Content, etag, ranges: ranges);
            return request.Number == 1 ? response with { ContentLength = -1, CutAfter = 100_000 } : response;
        });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(
            server.Requests.Skip(1).Select(request => request.From), Is.EqualTo(new int?[] { 100_000, etag is null ? null : 100_000 }));
    }

    [Test]
    public async Task DownloadAsync_fails_when_nothing_shows_where_a_body_ends()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, ranges: false) with { ContentLength = -1 });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address), Folder));

        Assert.That(exception!.Message, Does.Contain("ended after 200003 bytes, and nothing shows that it is complete"));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
        Assert.That(Files, Has.None.EqualTo("song.wav"));
    }

    [Test]
    public async Task OpenReadAsync_asks_where_a_body_without_any_length_ends()
    {
        var server = Serve(request => request.Number == 2
            ? new ScriptedResponse { Status = 503 }
            : ScriptedResponse.File(request, Content, etag: null) with { ContentLength = request.Number == 1 ? -1 : null });
        await using var stream = await NewClient().OpenReadAsync(MakeTrack(server.Address));
        using var content = new MemoryStream();

        await stream.CopyToAsync(content);

        Assert.That(content.ToArray(), Is.Array(Content));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    private static TestCaseData End(string name, Func<ScriptedRequest, ScriptedResponse> response, int requests) =>
        new TestCaseData(response, requests).SetArgDisplayNames(name);

    /// <summary>Responds with a body of unknown size that never ends.</summary>
    private sealed class EndlessTrack : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            var response = new HttpResponseMessage { Content = new StreamContent(new EndlessStream()) };
            response.Headers.ETag = new EntityTagHeaderValue("\"one\"");
            return Task.FromResult(response);
        }
    }

    /// <summary>Content without an end, which costs nothing to read.</summary>
    private sealed class EndlessStream() : PatternStream(long.MaxValue, canSeek: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ValueTask<int>(buffer.Length);
        }
    }

    private static byte[] Chunked(byte[] content) =>
        [.. System.Text.Encoding.ASCII.GetBytes($"{content.Length:x}\r\n"), .. content, .. "\r\n0\r\n\r\n"u8];
}

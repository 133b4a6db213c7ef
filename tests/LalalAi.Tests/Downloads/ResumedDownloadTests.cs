namespace LalalAi.Tests.Downloads;

internal sealed class ResumedDownloadTests : DownloadFixture
{
    [TestCase(0)]
    [TestCase(16)]
    [TestCase(81_919)]
    [TestCase(81_920)]
    [TestCase(81_921)]
    [TestCase(100_000)]
    [TestCase(200_001)]
    [TestCase(200_002)]
    public async Task Download_resumes_at_the_byte_where_it_was_cut(int cut)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? cut : null });

        var file = await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(file, Is.EqualTo(new DownloadedFile(file.Track, PathOf("song.wav"), Content.Length)));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, cut == 0 ? null : cut }));
    }

    [Test]
    public async Task Download_that_is_cut_repeatedly_resumes_while_it_makes_progress()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = 20_000 });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(server.Requests, Has.Count.EqualTo(11));
    }

    [Test]
    public async Task Resumed_request_sends_the_strong_entity_tag()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 5_000 : null });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(server.Requests[1].Headers["Range"], Is.EqualTo("bytes=5000-"));
        Assert.That(server.Requests[1].Headers["If-Range"], Is.EqualTo("\"one\""));
        Assert.That(server.Requests.Select(request => request.Headers["Accept-Encoding"]), Is.All.EqualTo("identity"));
    }

    [TestCase(null)]
    [TestCase("W/\"weak\"")]
    public async Task Download_starts_over_without_a_strong_entity_tag(string? etag)
    {
        var server = Serve(
            request => ScriptedResponse.File(request, Content, etag) with { CutAfter = request.Number == 1 ? 100_000 : null });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(server.Requests.Select(request => request.From), Is.All.Null);
    }

    [Test]
    public async Task Download_starts_over_if_the_server_ignores_ranges()
    {
        var server = Serve(
            request => ScriptedResponse.File(request, Content, ranges: false) with { CutAfter = request.Number == 1 ? 100_000 : null });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [Test]
    public async Task Download_starts_over_if_the_file_has_changed()
    {
        var server = Serve(request => request.Number == 1
            ? ScriptedResponse.File(request, Content) with { CutAfter = 100_000 }
            : ScriptedResponse.File(request, OtherContent, "\"two\""));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(OtherContent));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task Download_that_started_over_resumes_with_the_new_entity_tag()
    {
        var server = Serve(request => request.Number == 1
            ? ScriptedResponse.File(request, Content) with { CutAfter = 100_000 }
            : ScriptedResponse.File(request, OtherContent, "\"two\"") with { CutAfter = request.Number == 2 ? 50_000 : null });
        var options = MakeOptions();
        options.MaxRetries = 0;
        await Assert.CatchAsync(() => NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder));
        await Assert.CatchAsync(() => NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder));

        await NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(OtherContent));
        Assert.That(server.Requests[2].From, Is.EqualTo(50_000));
        Assert.That(server.Requests[2].Headers["If-Range"], Is.EqualTo("\"two\""));
    }

    [TestCase("{}")]
    [TestCase("mine")]
    [TestCase("[1]")]
    public async Task File_that_only_looks_like_a_record_is_not_changed(string content)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf(VocalsRecord), content);

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(await File.ReadAllTextAsync(PathOf(VocalsRecord)), Is.EqualTo(content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav", VocalsRecord }));
    }

    [Test]
    public async Task Partial_response_that_is_shorter_than_requested_is_used_and_the_rest_requested()
    {
        var server = Serve(request => request.Number switch
        {
            1 => ScriptedResponse.File(request, Content) with { CutAfter = 100_000 },
            2 => new ScriptedResponse { Status = 206, Content = Content[100_000..200_002], Headers = ["Content-Range: bytes 100000-200001/200003", "ETag: \"one\""] },
            _ => ScriptedResponse.File(request, Content),
        });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, 100_000, 200_002 }));
    }

    private static readonly object[] WrongRanges =
    [
        new object[] { "another beginning", new[] { "Content-Range: bytes 99999-200002/200003", "ETag: \"one\"" } },
        new object[] { "another total", new[] { "Content-Range: bytes 100000-200003/200004", "ETag: \"one\"" } },
        new object[] { "another entity tag", new[] { "Content-Range: bytes 100000-200002/200003", "ETag: \"two\"" } },
        new object[] { "a weak entity tag", new[] { "Content-Range: bytes 100000-200002/200003", "ETag: W/\"one\"" } },
        new object[] { "no entity tag", new[] { "Content-Range: bytes 100000-200002/200003" } },
        new object[] { "another unit", new[] { "Content-Range: frames 100000-200002/200003", "ETag: \"one\"" } },
        new object[] { "no range at all", new[] { "ETag: \"one\"" } },
    ];

    [TestCaseSource(nameof(WrongRanges))]
    public async Task Download_starts_over_if_the_partial_response_does_not_match(string _, string[] headers)
    {
        var server = Serve(request => request.Number switch
        {
            1 => ScriptedResponse.File(request, Content) with { CutAfter = 100_000 },
            2 => new ScriptedResponse { Status = 206, Content = OtherContent[..100_003], Headers = headers },
            _ => ScriptedResponse.File(request, Content),
        });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, 100_000, null }));
    }

    [Test]
    public async Task Download_starts_over_if_the_range_is_not_satisfiable()
    {
        var server = Serve(request => request.Number switch
        {
            1 => ScriptedResponse.File(request, Content) with { CutAfter = 100_000 },
            2 => new ScriptedResponse { Status = 416 },
            _ => ScriptedResponse.File(request, Content),
        });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [TestCase(206)]
    [TestCase(416)]
    public async Task Download_fails_if_the_response_has_a_range_that_was_not_requested(int status)
    {
        var server = Serve(
            _ => new ScriptedResponse { Status = status, Content = Content[5..], Headers = ["Content-Range: bytes 5-200002/200003"] });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address), Folder));

        Assert.That(exception!.StatusCode, Is.EqualTo(status));
        Assert.That(Files, Is.Empty);
    }

    [Test]
    public async Task Download_is_resumed_by_another_process_after_a_kill()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 100_000 : null });
        var options = MakeOptions();
        options.MaxRetries = 0;
        var track = MakeTrack(server.Address);
        await Assert.ThrowsAsync<LalalAiConnectionException>(() => NewClient(options).DownloadAsync(track, Folder));
        Assert.That(Files, Is.EqualTo(PartOfVocals));
        Assert.That(Read("song.wav.part"), Is.Array(Content[..100_000]));

        await NewClient().DownloadAsync(track, Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
        Assert.That(server.Requests[1].From, Is.EqualTo(100_000));
    }

    [Test]
    public async Task Complete_part_is_finished_without_a_request()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllBytesAsync(PathOf("song.wav.part"), Content);
        await File.WriteAllTextAsync(PathOf(VocalsRecord), $$"""{"task":"{{Task1}}","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","total":{{Content.Length}},"flushed":300000}""");

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
        Assert.That(server.Requests, Is.Empty);
    }

    private static readonly object[] StrangeParts =
    [
        new object[] { "longer than the file", 300_000, """{"task":"TASK","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","total":200003,"flushed":300000}""" },
        new object[] { "without an entity tag", 100_000, """{"task":"TASK","label":"vocals","part":"song.wav.part","name":"song.wav","etag":null,"total":200003,"flushed":300000}""" },
        new object[] { "with an old entity tag", 100_000, """{"task":"TASK","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"old\"","total":200003,"flushed":300000}""" },
        new object[] { "with an entity tag that is none", 100_000, """{"task":"TASK","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"what?","total":200003,"flushed":300000}""" },
        new object[] { "with an old total", 100_000, """{"task":"TASK","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","total":150000,"flushed":300000}""" },
    ];

    [TestCaseSource(nameof(StrangeParts))]
    public async Task Part_that_cannot_be_resumed_starts_over(string _, int length, string record)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllBytesAsync(PathOf("song.wav.part"), PatternStream.Bytes(3, length));
        await File.WriteAllTextAsync(PathOf(VocalsRecord), record.Replace("TASK", Task1.Value, StringComparison.Ordinal));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    private static readonly object?[] ForeignRecords =
    [
        null,
        "",
        "no JSON",
        "[1]",
        """{"task":"another","label":"vocals","etag":"\"one\"","total":200003}""",
        """{"task":"TASK","label":"no_vocals","etag":"\"one\"","total":200003}""",
    ];

    [TestCaseSource(nameof(ForeignRecords))]
    public async Task Part_of_another_download_is_not_changed(string? record)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var foreign = PatternStream.Bytes(3, 1000);
        await File.WriteAllBytesAsync(PathOf("song.wav.part"), foreign);
        if (record is not null)
        {
            await File.WriteAllTextAsync(PathOf(VocalsRecord), record.Replace("TASK", Task1.Value, StringComparison.Ordinal));
        }

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav.part"), Is.EqualTo(foreign));
        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [Test]
    public async Task Download_ignores_a_record_without_its_part()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf(VocalsRecord), $$"""{"task":"{{Task1}}","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","total":200003,"flushed":300000}""");

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task Part_that_is_a_symbolic_link_is_not_followed()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf("precious.txt"), "precious");
        File.CreateSymbolicLink(PathOf("song.wav.part"), PathOf("precious.txt"));
        await File.WriteAllTextAsync(PathOf(VocalsRecord), $$"""{"task":"{{Task1}}","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","total":200003,"flushed":300000}""");

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(await File.ReadAllTextAsync(PathOf("precious.txt")), Is.EqualTo("precious"));
        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [Test]
    public async Task Record_never_contains_the_link()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = 1000 });
        var options = MakeOptions();
        options.MaxRetries = 0;
        await Assert.ThrowsAsync<LalalAiConnectionException>(
            () => NewClient(options).DownloadAsync(MakeTrack(new Uri(server.Address, "t?signature=s3cret")), Folder));

        Assert.That(await File.ReadAllTextAsync(PathOf(VocalsRecord)), Does.Not.Contain("s3cret").And.Not.Contains("127.0.0.1"));
    }
}

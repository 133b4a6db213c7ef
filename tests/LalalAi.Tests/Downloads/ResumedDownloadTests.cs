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
    public async Task A_file_that_is_cut_at_a_byte_is_resumed_there_and_comes_out_bit_for_bit(int cut)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? cut : null });

        var file = await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(file, Is.EqualTo(new DownloadedFile(file.Track, PathOf("song.wav"), Content.Length)));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, cut == 0 ? null : cut }));
    }

    [Test]
    public async Task A_file_that_is_cut_again_and_again_is_resumed_as_long_as_there_is_progress()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = 20_000 });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(server.Requests, Has.Count.EqualTo(11));
    }

    [Test]
    public async Task A_resumption_asks_for_the_same_file_by_its_strong_entity_tag()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 5_000 : null });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(server.Requests[1].Headers["Range"], Is.EqualTo("bytes=5000-"));
        Assert.That(server.Requests[1].Headers["If-Range"], Is.EqualTo("\"one\""));
        Assert.That(server.Requests.Select(request => request.Headers["Accept-Encoding"]), Is.All.EqualTo("identity"));
    }

    [TestCase(null)]
    [TestCase("W/\"weak\"")]
    public async Task Broken_download_starts_over_without_a_strong_entity_tag(string? etag)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, etag) with { CutAfter = request.Number == 1 ? 100_000 : null });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(server.Requests.Select(request => request.From), Is.All.Null);
    }

    [Test]
    public async Task A_server_that_ignores_ranges_makes_it_start_over()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, ranges: false) with { CutAfter = request.Number == 1 ? 100_000 : null });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
    }

    [Test]
    public async Task A_file_that_changed_starts_over_and_is_never_mixed()
    {
        var server = Serve(request => request.Number == 1
            ? ScriptedResponse.File(request, Content) with { CutAfter = 100_000 }
            : ScriptedResponse.File(request, OtherContent, "\"two\""));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(OtherContent));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task A_part_that_started_over_is_continued_as_what_it_is_now()
    {
        var server = Serve(request => request.Number == 1
            ? ScriptedResponse.File(request, Content) with { CutAfter = 100_000 }
            : ScriptedResponse.File(request, OtherContent, "\"two\"") with { CutAfter = request.Number == 2 ? 50_000 : null });
        var options = MakeOptions();
        options.MaxRetries = 0;
        await Assert.CatchAsync(() => NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default));
        await Assert.CatchAsync(() => NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default));

        await NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(OtherContent));
        Assert.That(server.Requests[2].From, Is.EqualTo(50_000));
        Assert.That(server.Requests[2].Headers["If-Range"], Is.EqualTo("\"two\""));
    }

    [TestCase("{}")]
    [TestCase("mine")]
    [TestCase("[1]")]
    public async Task A_file_that_only_looks_like_a_record_is_left_alone(string content)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf(VocalsRecord), content);

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(await File.ReadAllTextAsync(PathOf(VocalsRecord)), Is.EqualTo(content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav", VocalsRecord }));
    }

    [Test]
    public async Task A_partial_answer_that_gives_less_than_was_asked_for_is_taken_and_the_rest_asked_for()
    {
        var server = Serve(request => request.Number switch
        {
            1 => ScriptedResponse.File(request, Content) with { CutAfter = 100_000 },
            2 => new ScriptedResponse { Status = 206, Content = Content[100_000..200_002], Headers = ["Content-Range: bytes 100000-200001/200003", "ETag: \"one\""] },
            _ => ScriptedResponse.File(request, Content),
        });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, 100_000, 200_002 }));
    }

    private static readonly object[] WrongRanges =
    [
        new object[] { "another beginning", new[] { "Content-Range: bytes 99999-200002/200003", "ETag: \"one\"" } },
        new object[] { "another total", new[] { "Content-Range: bytes 100000-200003/200004", "ETag: \"one\"" } },
        new object[] { "another entity tag", new[] { "Content-Range: bytes 100000-200002/200003", "ETag: \"two\"" } },
        new object[] { "another unit", new[] { "Content-Range: frames 100000-200002/200003", "ETag: \"one\"" } },
        new object[] { "no range at all", new[] { "ETag: \"one\"" } },
    ];

    [TestCaseSource(nameof(WrongRanges))]
    public async Task A_partial_answer_that_does_not_fit_makes_it_start_over(string _, string[] headers)
    {
        var server = Serve(request => request.Number switch
        {
            1 => ScriptedResponse.File(request, Content) with { CutAfter = 100_000 },
            2 => new ScriptedResponse { Status = 206, Content = OtherContent[..100_003], Headers = headers },
            _ => ScriptedResponse.File(request, Content),
        });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, 100_000, null }));
    }

    [Test]
    public async Task A_range_that_cannot_be_had_makes_it_start_over()
    {
        var server = Serve(request => request.Number switch
        {
            1 => ScriptedResponse.File(request, Content) with { CutAfter = 100_000 },
            2 => new ScriptedResponse { Status = 416 },
            _ => ScriptedResponse.File(request, Content),
        });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
    }

    [TestCase(206)]
    [TestCase(416)]
    public async Task Partial_response_without_a_requested_range_ends_the_download(int status)
    {
        var server = Serve(_ => new ScriptedResponse { Status = status, Content = Content[5..], Headers = ["Content-Range: bytes 5-200002/200003"] });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default));

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
        await Assert.ThrowsAsync<LalalAiConnectionException>(() => NewClient(options).DownloadAsync(track, Folder, null, null, default));
        Assert.That(Files, Is.EqualTo(PartOfVocals));
        Assert.That(Read("song.wav.part"), Is.EqualTo(Content[..100_000]));

        await NewClient().DownloadAsync(track, Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
        Assert.That(server.Requests[1].From, Is.EqualTo(100_000));
    }

    [Test]
    public async Task A_part_that_was_complete_is_finished_without_a_request()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllBytesAsync(PathOf("song.wav.part"), Content);
        await File.WriteAllTextAsync(PathOf(VocalsRecord), $$"""{"task":"{{Task1}}","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","total":{{Content.Length}},"flushed":300000}""");

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
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
    public async Task A_part_of_the_track_that_cannot_be_continued_is_started_over(string _, int length, string record)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllBytesAsync(PathOf("song.wav.part"), MakeContent(length, 3));
        await File.WriteAllTextAsync(PathOf(VocalsRecord), record.Replace("TASK", Task1.Value, StringComparison.Ordinal));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
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
    public async Task A_part_that_belongs_to_something_else_is_left_alone(string? record)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var foreign = MakeContent(1000, 3);
        await File.WriteAllBytesAsync(PathOf("song.wav.part"), foreign);
        if (record is not null)
        {
            await File.WriteAllTextAsync(PathOf(VocalsRecord), record.Replace("TASK", Task1.Value, StringComparison.Ordinal));
        }

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav.part"), Is.EqualTo(foreign));
        Assert.That(Read("song.wav"), Is.EqualTo(Content));
    }

    [Test]
    public async Task A_record_whose_part_was_tidied_away_is_in_nobodys_way()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf(VocalsRecord), $$"""{"task":"{{Task1}}","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","total":200003,"flushed":300000}""");

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task A_part_that_is_a_link_to_another_file_is_not_written_through()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf("precious.txt"), "precious");
        File.CreateSymbolicLink(PathOf("song.wav.part"), PathOf("precious.txt"));
        await File.WriteAllTextAsync(PathOf(VocalsRecord), $$"""{"task":"{{Task1}}","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","total":200003,"flushed":300000}""");

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(await File.ReadAllTextAsync(PathOf("precious.txt")), Is.EqualTo("precious"));
        Assert.That(Read("song.wav"), Is.EqualTo(Content));
    }

    [Test]
    public async Task A_record_never_holds_the_link()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = 1000 });
        var options = MakeOptions();
        options.MaxRetries = 0;
        await Assert.ThrowsAsync<LalalAiConnectionException>(() => NewClient(options).DownloadAsync(MakeTrack(new Uri(server.Address, "t?signature=s3cret")), Folder, null, null, default));

        Assert.That(await File.ReadAllTextAsync(PathOf(VocalsRecord)), Does.Not.Contain("s3cret").And.Not.Contains("127.0.0.1"));
    }
}

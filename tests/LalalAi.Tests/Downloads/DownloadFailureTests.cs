using LalalAi.Downloads;
using LalalAi.Tests.Hosts;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Tests.Downloads;

internal sealed class DownloadFailureTests : DownloadFixture
{
    [Test]
    public async Task Nothing_has_the_final_name_before_it_is_complete()
    {
        var release = new TaskCompletionSource();
        var server = Serve(request => HostileResponse.File(request, Content) with { HoldAfter = 150_000, HoldUntil = release.Task });
        string[] meanwhile = [];

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, new Reports(report =>
        {
            meanwhile = [.. meanwhile, .. Files];
            release.TrySetResult();
        }), default);

        // The last report comes when every byte is there and the name is not changed yet.
        Assert.That(meanwhile.Distinct(), Is.EqualTo(new[] { "song.wav.part", "song.wav.part.json" }));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task A_failure_that_may_pass_is_repeated(int status)
    {
        var server = Serve(request => request.Number < 3 ? new HostileResponse { Status = status } : HostileResponse.File(request, Content));

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
    }

    [Test]
    public async Task An_error_page_is_no_track()
    {
        var server = Serve(request => request.Number == 1 ? new HostileResponse { Body = "<html>"u8.ToArray(), Headers = ["Content-Type: text/html; charset=utf-8"] } : HostileResponse.File(request, Content));

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [TestCase("Content-Encoding: gzip", "content in gzip encoding")]
    [TestCase("Content-Encoding: identity, br", "content in br encoding")]
    [TestCase("Content-Type: text/html", "text/html")]
    public async Task A_body_that_is_not_plain_media_is_no_track(string header, string what)
    {
        var server = Serve(request => HostileResponse.File(request, Content) with { Headers = [header] });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default));

        Assert.That(exception!.Message, Does.StartWith($"The track 'vocals' came as {what} instead of plain media."));
        Assert.That(Files, Is.Empty);
    }

    [Test]
    public async Task An_encoding_that_is_none_is_plain()
    {
        var server = Serve(request => HostileResponse.File(request, Content) with { Headers = ["Content-Encoding: Identity"] });

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("vocals"), Is.EqualTo(Content));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(302)]
    [TestCase(204)]
    public async Task An_answer_that_will_not_change_is_not_repeated(int status)
    {
        var server = Serve(_ => new HostileResponse { Status = status });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader().DownloadAsync(MakeTrack(new Uri(server.Address, "t?signature=s3cret")), Folder, null, null, default));

        Assert.That(exception!.StatusCode, Is.EqualTo(status));
        Assert.That(exception.ToString(), Does.Not.Contain("s3cret"));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(0, 1)]
    [TestCase(3, 4)]
    public async Task Repetitions_without_progress_come_to_an_end(int maximum, int requests)
    {
        var server = Serve(_ => new HostileResponse { Status = 503 });
        var options = MakeOptions();
        options.MaxRetries = maximum;

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default));

        Assert.That(exception!.StatusCode, Is.EqualTo(503));
        Assert.That(server.Requests, Has.Count.EqualTo(requests));
    }

    [Test]
    public async Task The_same_beginning_again_and_again_is_no_progress()
    {
        var server = Serve(request => HostileResponse.File(request, Content, etag: $"\"{request.Number}\"") with { CutAfter = 100_000 });

        var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => NewDownloader().DownloadAsync(MakeTrack(new Uri(server.Address, "t?signature=s3cret")), Folder, null, null, default));

        Assert.That(exception!.ToString(), Does.Not.Contain("s3cret"));
        Assert.That(server.Requests, Has.Count.EqualTo(4));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_wrong_length_is_never_taken_for_the_whole(bool isLonger)
    {
        var server = Serve(request => HostileResponse.File(request, Content) with { ContentLength = Content.Length + (isLonger ? 1 : -1) });
        var download = NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        if (isLonger)
        {
            var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => download);
            Assert.That(exception!.Message, Does.Match(@"^Download: the connection to 127\.0\.0\.1 failed after 200003 bytes of 200004 of the track 'vocals'\. \S"));
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
        var server = Serve(request => HostileResponse.File(request, chunked) with { ContentLength = -1, Headers = ["Transfer-Encoding: chunked"], CutAfter = request.Number == 1 ? 8 : null });

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("vocals"), Is.EqualTo("abcde"u8.ToArray()));
    }

    [Test]
    public async Task A_body_without_any_length_is_held_against_the_size_that_the_check_told()
    {
        var server = Serve(request => HostileResponse.File(request, Content) with { ContentLength = -1, CutAfter = request.Number == 1 ? 100_000 : null });

        await NewDownloader().DownloadAsync(MakeTrack(server.Address, size: Content.Length), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, 100_000 }));
    }

    [TestCase(200_002, "HTTP 200")]
    [TestCase(200_004, "ended the track 'vocals' after 200003 bytes of 200004")]
    public async Task A_body_without_any_length_that_has_another_size_is_no_track(long size, string why)
    {
        var server = Serve(request => HostileResponse.File(request, Content, etag: null) with { ContentLength = -1 });

        var exception = await Assert.CatchAsync<LalalAiException>(() => NewDownloader().DownloadAsync(MakeTrack(server.Address, size: size), Folder, null, null, default));

        Assert.That(exception!.Message, Does.Contain(why));
        Assert.That(Files, Has.None.EqualTo("song.wav"));
    }

    [Test]
    public async Task A_length_that_only_a_later_answer_tells_is_held_against_it()
    {
        var server = Serve(request => HostileResponse.File(request, Content) with
        {
            ContentLength = -1,
            CutAfter = request.Number == 1 ? 100_000 : request.Number == 2 ? 50_000 : null,
            Headers = request.Number == 1 ? ["ETag: \"one\"", "Transfer-Encoding: chunked"] : [$"Content-Range: bytes {request.From}-200002/200003"],
            Body = request.Number == 1 ? [.. "30d43\r\n"u8, .. Content] : Content[request.From!.Value..],
        });

        var file = await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(await File.ReadAllBytesAsync(file.Path), Is.EqualTo(Content));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_size_that_the_check_told_is_not_held_against_a_body_that_has_an_end([Values] bool isChunked)
    {
        byte[] chunked = [.. "30d43\r\n"u8, .. Content, .. "\r\n0\r\n\r\n"u8];
        var server = Serve(request => isChunked
            ? HostileResponse.File(request, chunked) with { ContentLength = -1, Headers = ["Transfer-Encoding: chunked"] }
            : HostileResponse.File(request, Content));

        var file = await NewDownloader().DownloadAsync(MakeTrack(server.Address, size: 1), Folder, null, null, default);

        Assert.That(await File.ReadAllBytesAsync(file.Path), Is.EqualTo(Content));
    }

    [Test]
    public async Task An_empty_track_is_an_empty_file()
    {
        var server = Serve(request => HostileResponse.File(request, []));

        var file = await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(file.Size, Is.Zero);
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task A_folder_that_cannot_be_made_is_told_with_what_to_do()
    {
        var server = Serve(request => HostileResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf("file"), "in the way");

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader().DownloadAsync(MakeTrack(server.Address), PathOf("file/inner"), null, null, default));

        Assert.That(exception!.Message, Does.Contain(PathOf("file/inner")).And.Contain("choose another"));
        Assert.That(exception.InnerException, Is.InstanceOf<IOException>());
    }

    [Test]
    public async Task Cancellation_leaves_the_part_and_the_next_call_resumes_it()
    {
        var server = Serve(request => HostileResponse.File(request, Content) with { HoldAfter = request.Number == 1 ? 100_000 : null });
        using var cancellation = new CancellationTokenSource();
        var reports = new Reports(report =>
        {
            if (report.BytesTransferred == 100_000)
            {
                cancellation.Cancel();
            }
        });
        var options = MakeOptions();
        options.TimeProvider = new EveryReport();
        var downloader = NewDownloader(options);

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => downloader.DownloadAsync(MakeTrack(server.Address), Folder, null, reports, cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(Read("song.wav.part"), Is.EqualTo(Content[..100_000]));
        await downloader.DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);
        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(server.Requests[1].From, Is.EqualTo(100_000));
    }

    [Test]
    public async Task A_call_that_is_cancelled_before_it_begins_sends_nothing()
    {
        var server = Serve(request => HostileResponse.File(request, Content));

        await Assert.CatchAsync<OperationCanceledException>(() => NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, new CancellationToken(canceled: true)));

        Assert.That(server.Requests, Is.Empty);
        Assert.That(Files, Is.Empty);
    }

    [Test]
    public async Task A_server_that_stands_still_is_given_up_and_the_part_resumed()
    {
        var time = new FakeTimeProvider();
        var server = Serve(request => HostileResponse.File(request, Content) with { HoldAfter = request.Number == 1 ? 100_000 : null });
        var options = MakeOptions();
        options.TimeProvider = time;
        options.MaxRetries = 100;
        var download = NewDownloader(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), () => server.Requests.Count == 2 || download.IsCompleted);

        await download;
        Assert.That(Read("song.wav"), Is.EqualTo(Content));
    }

    [TestCase(0)]
    [TestCase(100_000)]
    public async Task A_server_that_stands_still_for_good_is_a_time_out_that_says_so(int bytes)
    {
        var time = new FakeTimeProvider();
        var server = Serve(request => HostileResponse.File(request, Content) with { HoldAfter = request.Number == 1 ? bytes : 0 });
        var options = MakeOptions();
        options.TimeProvider = time;
        var download = NewDownloader(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), () => download.IsCompleted);

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => download);
        Assert.That(exception!.Message, Does.Contain("nothing moved for 00:01:00").And.Contain("InactivityTimeout"));
        Assert.That(Files, Has.None.EqualTo("song.wav"));
    }

    [Test]
    public async Task A_slow_reader_is_not_a_server_that_stands_still()
    {
        var time = new FakeTimeProvider();
        var server = Serve(request => HostileResponse.File(request, Content));
        var options = MakeOptions();
        options.TimeProvider = time;
        options.MaxRetries = 0;

        await NewDownloader(options).DownloadAsync(MakeTrack(server.Address), Folder, null, new Reports(_ => time.Advance(TimeSpan.FromHours(1))), default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
    }

    [Test]
    public async Task Repetitions_wait_twice_as_long_each_time()
    {
        var time = new FakeTimeProvider();
        var arrivals = new List<DateTimeOffset>();
        var server = Serve(request =>
        {
            arrivals.Add(time.GetUtcNow());
            return request.Number < 4 ? new HostileResponse { Status = 503 } : HostileResponse.File(request, Content);
        });
        var options = MakeOptions();
        options.TimeProvider = time;
        options.RetryDelay = TimeSpan.FromSeconds(1);
        options.InactivityTimeout = TimeSpan.FromDays(20);
        var download = NewDownloader(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        await AdvanceUntilAsync(time, TimeSpan.FromMilliseconds(10), () => download.IsCompleted);

        await download;
        var waits = arrivals.Zip(arrivals.Skip(1), (before, after) => (after - before).TotalSeconds).ToList();
        Assert.That(waits[0], Is.GreaterThanOrEqualTo(0.5));
        Assert.That(waits[1], Is.GreaterThanOrEqualTo(1));
        Assert.That(waits[2], Is.GreaterThanOrEqualTo(2));
    }

    [TestCase(0, null, 0.5, 1)]
    [TestCase(3, null, 4, 8)]
    [TestCase(10, null, 15, 30)]
    [TestCase(1000, null, 15, 30)]
    [TestCase(0, 7, 7, 7)]
    [TestCase(0, 0, 0, 0)]
    [TestCase(0, 30, 30, 30)]
    [TestCase(0, 3600, 0.5, 1)]
    [TestCase(0, -5, 0.5, 1)]
    public void The_wait_doubles_up_to_half_a_minute_unless_the_server_asks_for_another(int repetition, int? asked, double least, double most) =>
        Assert.That(RepetitionDelay.Of(repetition, TimeSpan.FromSeconds(1), asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null).TotalSeconds, Is.InRange(least, most));

    [Test]
    public async Task Progress_begins_with_what_was_there_and_ends_with_the_total()
    {
        var server = Serve(request => HostileResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 100_000 : null });
        var reports = new Reports();

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, reports, default);

        Assert.That(reports.All.Select(report => report.TotalBytes), Is.All.EqualTo(Content.Length));
        Assert.That(reports.All.Select(report => report.BytesTransferred), Is.Ordered.And.Contains(100_000L));
        Assert.That(reports.All[^1].Fraction, Is.EqualTo(1));
    }
}

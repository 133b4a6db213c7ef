using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Downloads;

/// <summary>How long a track is: what an answer tells, what it leaves out, and what is held against what.</summary>
internal sealed class DownloadLengthTests : DownloadFixture
{
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
}

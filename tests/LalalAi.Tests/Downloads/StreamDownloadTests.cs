namespace LalalAi.Tests.Downloads;

internal sealed class StreamDownloadTests : DownloadFixture
{
    [TestCase(0)]
    [TestCase(16)]
    [TestCase(100_000)]
    [TestCase(200_002)]
    public async Task Stream_receives_every_byte_once_after_a_broken_connection(int cut)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? cut : null });
        using var destination = new Pipe();

        var written = await NewClient().DownloadAsync(MakeTrack(server.Address), destination);

        Assert.That(destination.Written.ToArray(), Is.Array(Content));
        Assert.That(written, Is.EqualTo(Content.Length));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, cut == 0 ? null : cut }));
    }

    [Test]
    public async Task A_stream_is_flushed_and_left_open()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        using var destination = new Pipe();

        await NewClient().DownloadAsync(MakeTrack(server.Address), destination);

        Assert.That(destination.IsFlushed, Is.True);
        Assert.That(destination.IsClosed, Is.False);
    }

    private static readonly object[] Changes =
    [
        new object[] { "a new entity tag", (ScriptedRequest request) => ScriptedResponse.File(request, OtherContent, "\"two\"") },
        new object[] { "no ranges and another tag", (ScriptedRequest request) => ScriptedResponse.File(request, Content, "\"two\"", ranges: false) },
        new object[] { "no ranges and no tag", (ScriptedRequest request) => ScriptedResponse.File(request, Content, etag: null, ranges: false) },
        new object[] { "a range without a tag", (ScriptedRequest request) => Without(request, "ETag") },
        new object[] { "a range without a place", (ScriptedRequest request) => Without(request, "Content-Range") },
        new object[] { "no such range", (ScriptedRequest _) => new ScriptedResponse { Status = 416 } },
        new object[] { "another range", (ScriptedRequest _) => new ScriptedResponse { Status = 206, Content = Content[5..], Headers = ["Content-Range: bytes 5-200002/200003"] } },
    ];

    private static ScriptedResponse Without(ScriptedRequest request, string header)
    {
        var response = ScriptedResponse.File(request, Content);
        return response with { Headers = [.. response.Headers.Where(line => !line.StartsWith(header, StringComparison.Ordinal))] };
    }

    [Test]
    public async Task DownloadAsync_skips_what_it_has_if_the_server_ignores_ranges_and_the_tag_is_the_same()
    {
        var server = Serve(
            request => ScriptedResponse.File(request, Content, ranges: false) with { CutAfter = request.Number == 1 ? 100_000 : null });
        using var destination = new Pipe();

        await NewClient().DownloadAsync(MakeTrack(server.Address), destination);

        Assert.That(destination.Written.ToArray(), Is.Array(Content));
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Download_to_a_stream_fails_if_the_track_has_changed(
        string _, Func<ScriptedRequest, ScriptedResponse> second)
    {
        var server = Serve(
            request => request.Number == 1 ? ScriptedResponse.File(request, Content) with { CutAfter = 100_000 } : second(request));
        using var destination = new Pipe();

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address), destination));

        Assert.That(exception!.Message, Does.Contain("changed during the download"));
        Assert.That(destination.Written.ToArray(), Is.Array(Content[..100_000]));
    }

    [Test]
    public async Task Facts_of_the_first_answer_hold_for_later_ones_that_omit_them()
    {
        var server = Serve(request => request.Number switch
        {
            1 => ScriptedResponse.File(request, Content) with { CutAfter = 100_000 },
            2 => new ScriptedResponse { Status = 206, Content = Content[100_000..], ContentLength = -1, CutAfter = 50_000, Headers = ["Content-Range: bytes 100000-200002/*", "ETag: \"one\""] },
            _ => ScriptedResponse.File(request, Content),
        });
        using var destination = new Pipe();

        await NewClient().DownloadAsync(MakeTrack(server.Address), destination);

        Assert.That(destination.Written.ToArray(), Is.Array(Content));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, 100_000, 150_000 }));
        Assert.That(server.Requests[2].Headers["If-Range"], Is.EqualTo("\"one\""));
    }

    [Test]
    public async Task Facts_of_an_answer_whose_body_never_began_do_not_hold_for_the_next()
    {
        var server = Serve(request => request.Number switch
        {
            1 => ScriptedResponse.File(request, OtherContent, "\"old\"") with { CutAfter = 0 },
            2 => new ScriptedResponse { Content = [.. "30d43\r\n"u8, .. Content, .. "\r\n0\r\n\r\n"u8], ContentLength = -1, Headers = ["Transfer-Encoding: chunked"] },
            _ => ScriptedResponse.File(request, Content),
        });
        using var destination = new Pipe();

        await NewClient().DownloadAsync(MakeTrack(server.Address), destination);

        Assert.That(destination.Written.ToArray(), Is.Array(Content));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [TestCase(null)]
    [TestCase("W/\"weak\"")]
    public async Task Broken_stream_is_not_resumed_without_a_strong_entity_tag(string? etag)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, etag) with { CutAfter = 100_000 });
        using var destination = new Pipe();

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address), destination));

        Assert.That(exception!.InnerException, Is.TypeOf<LalalAiConnectionException>());
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Exception_of_the_destination_stream_is_thrown_without_a_retry()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        using var destination = new Pipe { Error = new IOException("The pipe has no other end.") };

        var exception = await Assert.ThrowsAsync<IOException>(() => NewClient().DownloadAsync(MakeTrack(server.Address), destination));

        Assert.That(exception, Is.SameAs(destination.Error));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Read_only_stream_is_rejected_before_anything_is_sent()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        using var destination = new MemoryStream([], writable: false);

        var exception = await Assert.ThrowsAsync<ArgumentException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address), destination));

        Assert.That(exception!.Message, Does.Contain("cannot be written to"));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Missing_argument_is_named_in_the_exception()
    {
        var downloader = NewClient();
        var track = MakeTrack("http://127.0.0.1/");

        Assert.That(
            (await Assert.ThrowsAsync<ArgumentNullException>(() => downloader.DownloadAsync(null!, Stream.Null, null, default)))!.ParamName,
            Is.EqualTo("track"));
        Assert.That((await Assert.ThrowsAsync<ArgumentNullException>(() => downloader.DownloadAsync(track, (Stream)null!, null, default)))!.ParamName, Is.EqualTo("destination"));
        Assert.That(
            (await Assert.ThrowsAsync<ArgumentNullException>(() => downloader.DownloadAsync(null!, Folder)))!.ParamName,
            Is.EqualTo("track"));
        Assert.That(
            (await Assert.ThrowsAsync<ArgumentNullException>(() => downloader.DownloadAsync(track, null!)))!.ParamName,
            Is.EqualTo("directory"));
        Assert.That(
            (await Assert.ThrowsAsync<ArgumentException>(() => downloader.DownloadAsync(track, " ")))!.Message,
            Does.Contain("Use . for the current folder"));
        Assert.That(
            (await Assert.ThrowsAsync<ArgumentNullException>(() => downloader.DownloadAllAsync(null!, Folder)))!.ParamName,
            Is.EqualTo("task"));
    }

    /// <summary>A stream that can do nothing but be written to.</summary>
    private sealed class Pipe : Stream
    {
        public MemoryStream Written { get; } = new();

        public IOException? Error { get; init; }

        public bool IsFlushed { get; private set; }

        public bool IsClosed { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => IsFlushed = true;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Error is not null)
            {
                throw Error;
            }

            IsFlushed = false;
            Written.Write(buffer, offset, count);
        }

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            base.Dispose(disposing);
        }
    }
}

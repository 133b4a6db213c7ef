using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Downloads;

internal sealed class StreamDownloadTests : DownloadFixture
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100_000)]
    [TestCase(200_002)]
    public async Task A_stream_gets_every_byte_once_though_the_connection_broke(int cut)
    {
        var server = Serve(request => HostileResponse.File(request, Content) with { CutAfter = request.Number == 1 ? cut : null });
        using var destination = new Pipe();

        var written = await NewDownloader().DownloadAsync(MakeTrack(server.Address), destination, null, default);

        Assert.That(destination.Written.ToArray(), Is.EqualTo(Content));
        Assert.That(written, Is.EqualTo(Content.Length));
        Assert.That(server.Requests.Select(request => request.From), Is.EqualTo(new int?[] { null, cut == 0 ? null : cut }));
    }

    [Test]
    public async Task A_stream_is_flushed_and_left_open()
    {
        var server = Serve(request => HostileResponse.File(request, Content));
        using var destination = new Pipe();

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), destination, null, default);

        Assert.That(destination.IsFlushed, Is.True);
        Assert.That(destination.IsClosed, Is.False);
    }

    private static readonly object[] Changes =
    [
        new object[] { "a new entity tag", (HostileRequest request) => HostileResponse.File(request, OtherContent, "\"two\"") },
        new object[] { "no ranges", (HostileRequest request) => HostileResponse.File(request, Content, ranges: false) },
        new object[] { "no such range", (HostileRequest _) => new HostileResponse { Status = 416 } },
        new object[] { "another range", (HostileRequest _) => new HostileResponse { Status = 206, Body = Content[5..], Headers = ["Content-Range: bytes 5-200002/200003"] } },
    ];

    [TestCaseSource(nameof(Changes))]
    public async Task A_track_that_changed_ends_the_download_because_a_stream_cannot_take_back(string _, Func<HostileRequest, HostileResponse> second)
    {
        var server = Serve(request => request.Number == 1 ? HostileResponse.File(request, Content) with { CutAfter = 100_000 } : second(request));
        using var destination = new Pipe();

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader().DownloadAsync(MakeTrack(server.Address), destination, null, default));

        Assert.That(exception!.Message, Does.Contain("changed while it was being downloaded"));
        Assert.That(destination.Written.ToArray(), Is.EqualTo(Content[..100_000]));
    }

    [TestCase(null)]
    [TestCase("W/\"weak\"")]
    public async Task Without_a_strong_entity_tag_a_broken_stream_is_not_continued(string? etag)
    {
        var server = Serve(request => HostileResponse.File(request, Content, etag) with { CutAfter = 100_000 });
        using var destination = new Pipe();

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader().DownloadAsync(MakeTrack(server.Address), destination, null, default));

        Assert.That(exception!.InnerException, Is.TypeOf<LalalAiConnectionException>());
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_error_of_the_destination_is_thrown_as_it_is_and_nothing_is_repeated()
    {
        var server = Serve(request => HostileResponse.File(request, Content));
        using var destination = new Pipe { Error = new IOException("The pipe has no other end.") };

        var exception = await Assert.ThrowsAsync<IOException>(() => NewDownloader().DownloadAsync(MakeTrack(server.Address), destination, null, default));

        Assert.That(exception, Is.SameAs(destination.Error));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_stream_that_cannot_be_written_to_is_refused_before_anything_is_sent()
    {
        var server = Serve(request => HostileResponse.File(request, Content));
        using var destination = new MemoryStream([], writable: false);

        await Assert.ThrowsAsync<ArgumentException>(() => NewDownloader().DownloadAsync(MakeTrack(server.Address), destination, null, default));

        Assert.That(server.Requests, Is.Empty);
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

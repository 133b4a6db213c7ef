using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Downloads;

/// <summary>A track that is read as a stream, from any byte.</summary>
internal sealed class TrackStreamTests : DownloadFixture
{
    [TestCase(0, true)]
    [TestCase(1, true)]
    [TestCase(100_000, true)]
    [TestCase(200_002, true)]
    [TestCase(0, false)]
    [TestCase(100_000, false)]
    public async Task OpenReadAsync_reads_from_an_offset_whether_the_server_knows_ranges_or_not(int offset, bool ranges)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, ranges: ranges));

        await using var stream = await NewClient().OpenReadAsync(MakeTrack(server.Address), offset);

        Assert.That(await ReadAllAsync(stream), Is.Array(Content[offset..]));
        Assert.That(server.Requests.Single().From, Is.EqualTo(offset == 0 ? null : offset));
    }

    [Test]
    public async Task OpenReadAsync_returns_the_size_type_and_name_of_the_track()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));

        await using var stream = await NewClient().OpenReadAsync(MakeTrack(server.Address), 5);

        Assert.That((stream.TotalBytes, stream.ContentType, stream.FileName), Is.EqualTo((Content.Length, "audio/wav", "song.wav")));
        Assert.That((stream.CanRead, stream.CanSeek, stream.CanWrite, stream.Position), Is.EqualTo((true, false, false, 5)));
        Assert.That(() => stream.Length, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Position = 1, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Seek(0, SeekOrigin.Begin), Throws.TypeOf<NotSupportedException>());
    }

    [TestCase(0)]
    [TestCase(7)]
    public async Task OpenReadAsync_resumes_and_renews_while_it_is_read(int offset)
    {
        var server = Serve(request => request.Number switch
        {
            1 => ScriptedResponse.File(request, Content) with { CutAfter = 100_000 },
            2 => new ScriptedResponse { Status = 403 },
            3 => ScriptedResponse.File(request, Content) with { CutAfter = 50_000 },
            _ => ScriptedResponse.File(request, Content),
        });
        var client = NewClient(check: () => MakeTask(MakeTrack(new Uri(server.Address, "new"))));

        await using var stream = await client.OpenReadAsync(MakeTrack(server.Address), offset);

        Assert.That(await ReadAllAsync(stream), Is.Array(Content[offset..]));
        Assert.That(
            server.Requests.Select(request => request.From ?? 0),
            Is.EqualTo(new[] { offset, offset + 100_000, offset + 100_000, offset + 150_000 }));
    }

    [Test]
    public async Task OpenReadAsync_returns_an_empty_stream_at_the_end_of_the_track()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));

        await using var stream = await NewClient().OpenReadAsync(MakeTrack(server.Address), Content.Length);

        Assert.That(await ReadAllAsync(stream), Is.Empty);
        Assert.That(stream.TotalBytes, Is.EqualTo(Content.Length));
    }

    [Test]
    public async Task OpenReadAsync_throws_beyond_the_end_of_the_track([Values] bool ranges)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, ranges: ranges));

        Assert.That(
            async () =>
            {
                await using var stream = await NewClient().OpenReadAsync(MakeTrack(server.Address), Content.Length + 1);
            },
            ranges ? Throws.TypeOf<LalalAiDownloadException>().With.Message.Contains("beyond the end") : Throws.InstanceOf<LalalAiException>());
    }

    [Test]
    public void OpenReadAsync_rejects_a_negative_offset() =>
        Assert.That(() => NewClient().OpenReadAsync(MakeTrack("http://127.0.0.1/"), -1), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task Read_resumes_after_a_canceled_read()
    {
        var server = Serve(
            request => ScriptedResponse.File(request, Content) with { HoldAfter = request.Number == 1 ? 100_000 : null });
        using var cancellation = new CancellationTokenSource();
        await using var stream = await NewClient().OpenReadAsync(MakeTrack(server.Address));
        var begin = new byte[100_000];
        await stream.ReadExactlyAsync(begin);

        var read = stream.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        Assert.That(async () => await read, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((byte[])[.. begin, .. await ReadAllAsync(stream)], Is.Array(Content));
    }

    [Test]
    public async Task Read_throws_if_bytes_are_missing_at_the_end()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, etag: null) with { CutAfter = 150_000 });
        await using var stream = await NewClient().OpenReadAsync(MakeTrack(server.Address));

        await Assert.ThrowsAsync<LalalAiDownloadException>(() => ReadAllAsync(stream));
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task OpenReadAsync_waits_for_its_turn_until_another_stream_is_read_or_disposed(int limit)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var options = MakeOptions();
        options.MaxConcurrentDownloads = limit;
        var client = NewClient(options);
        var streams = new List<TrackStream>();
        for (var number = 0; number < limit; number++)
        {
            streams.Add(await client.OpenReadAsync(MakeTrack(server.Address)));
        }

        var waiting = client.OpenReadAsync(MakeTrack(server.Address));
        await TestLimit.MomentAsync(waiting);
        Assert.That(waiting.IsCompleted, Is.False);
        Assert.That(server.Requests, Has.Count.EqualTo(limit));
        await ReadAllAsync(streams[0]);
        var next = await waiting;
        var last = client.OpenReadAsync(MakeTrack(server.Address));
        await TestLimit.MomentAsync(last);
        Assert.That(last.IsCompleted, Is.False);
        await next.DisposeAsync();
        await (await last).DisposeAsync();
        streams.ForEach(stream => stream.Dispose());
    }

    [Test]
    public async Task OpenReadAsync_can_be_canceled_while_it_waits_for_its_turn()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var options = MakeOptions();
        options.MaxConcurrentDownloads = 1;
        var client = NewClient(options);
        using var cancellation = new CancellationTokenSource();
        await using var first = await client.OpenReadAsync(MakeTrack(server.Address));

        var second = client.OpenReadAsync(MakeTrack(server.Address), 0, cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task DownloadAsync_to_a_stream_runs_over_any_client()
    {
        using var destination = new MemoryStream();

        var written = await new OneTrackClient(Content).DownloadAsync(MakeTrack("http://h/"), destination);

        Assert.That(written, Is.EqualTo(Content.Length));
        Assert.That(destination.ToArray(), Is.Array(Content));
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    private sealed class OneTrackClient(byte[] content) : FakeClient
    {
        public override Task<TrackStream> OpenReadAsync(TaskTrack track, long offset = 0, CancellationToken cancellationToken = default) =>
            Task.FromResult<TrackStream>(new MemoryTrackStream(content));
    }

    private sealed class MemoryTrackStream(byte[] content) : TrackStream
    {
        private readonly MemoryStream _content = new(content);

        public override long? TotalBytes => _content.Length;

        public override string? ContentType => null;

        public override string FileName => "song.wav";

        public override long Position
        {
            get => _content.Position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => _content.Read(buffer, offset, count);
    }
}

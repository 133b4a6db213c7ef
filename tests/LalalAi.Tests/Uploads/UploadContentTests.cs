using System.Buffers;
using System.Security.Cryptography;
using LalalAi.Tests.Hosts;
using LalalAi.Uploads;

namespace LalalAi.Tests.Uploads;

/// <summary>Uploads send every byte from the stream's current position, and leave the stream open.</summary>
public sealed class UploadContentTests
{
    private const int Length = 3_000_000;

    private static readonly byte[] Content = PatternStream.Bytes(0, Length);

    private string _directory = null!;
    private ScriptedServer _server = null!;
    private LalalAiClient _client = null!;
    private ScriptedResponse _reply = null!;

    [SetUp]
    public void Start()
    {
        _directory = Directory.CreateTempSubdirectory("lalalai-upload").FullName;
        _reply = ApiReply.Uploaded;
        _server = ScriptedServer.Start(_ => _reply);
        _client = ApiClients.For(_server.Address);
    }

    [TearDown]
    public async Task Stop()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [TestCase("path")]
    [TestCase("stream")]
    [TestCase("bytes")]
    [TestCase("part of an array")]
    [TestCase("other memory")]
    [TestCase("unseekable stream")]
    public async Task Every_byte_arrives(string from)
    {
        var path = Path.Combine(_directory, "song.wav");
        await File.WriteAllBytesAsync(path, Content);

        var source = await (from switch
        {
            "path" => _client.UploadAsync(path),
            "stream" => _client.UploadAsync(new PatternStream(Length), "song.wav"),
            "bytes" => _client.UploadAsync(Content, "song.wav"),
            "part of an array" => _client.UploadAsync(((byte[])[9, 9, .. Content, 9]).AsMemory(2, Length), "song.wav"),
            "other memory" => _client.UploadAsync(new OtherMemory(Content).Memory, "song.wav"),
            _ => _client.UploadAsync(new PatternStream(Length, canSeek: false), "song.wav"),
        });

        var request = _server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(request.Path, Is.EqualTo("/api/v1/upload/"));
            Assert.That(request.BodyHash, Is.EqualTo(Hash(Content)));
            Assert.That(request.Headers["Content-Type"], Is.EqualTo("application/octet-stream"));
            Assert.That(request.Headers["X-License-Key"], Is.EqualTo("secret-key"));
            Assert.That(request.Headers.GetValueOrDefault("Content-Length"), Is.EqualTo(from == "unseekable stream" ? null : "3000000"));
            Assert.That(source.Size, Is.EqualTo(3_000_000_000), "A size beyond 32 bits is read.");
            Assert.That(source.ExpiresAt, Is.EqualTo(new DateTimeOffset(2025, 10, 23, 11, 3, 35, TimeSpan.Zero)));
        });
    }

    [Test]
    public async Task Stream_is_uploaded_from_its_current_position()
    {
        await _client.UploadAsync(new PatternStream(Length) { Position = 1234 }, "song.wav");

        Assert.That(_server.Requests.Single().BodyHash, Is.EqualTo(Hash(Content[1234..])));
    }

    [Test]
    public async Task UploadAsync_never_disposes_the_stream([Values("answered", "refused", "broken", "misnamed", "empty", "cancelled")] string outcome)
    {
        _reply = outcome switch { "refused" => ApiReply.Error(400), "broken" => ScriptedResponse.Reset, _ => ApiReply.Uploaded };
        var content = new PatternStream(1000) { Position = outcome == "empty" ? 1000 : 0 };

        var upload = _client.UploadAsync(content, outcome == "misnamed" ? ".." : "song.wav", cancellationToken: new CancellationToken(outcome == "cancelled"));

        await Assert.ThatAsync(() => upload, outcome == "answered" ? Throws.Nothing : Throws.Exception);
        Assert.That(content.IsDisposed, Is.False);
    }

    [TestCase("file")]
    [TestCase("stream at its end")]
    [TestCase("stream beyond its end")]
    [TestCase("bytes")]
    public async Task Empty_content_is_rejected_before_anything_is_sent(string from)
    {
        var path = Path.Combine(_directory, "song.wav");
        await File.WriteAllBytesAsync(path, []);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => from switch
        {
            "file" => _client.UploadAsync(path),
            "stream at its end" => _client.UploadAsync(new PatternStream(10) { Position = 10 }, "song.wav"),
            "stream beyond its end" => _client.UploadAsync(new PatternStream(10) { Position = 11 }, "song.wav"),
            _ => _client.UploadAsync(Array.Empty<byte>(), "song.wav"),
        });

        Assert.That(exception!.Message, Does.Contain("nothing to upload"));
        Assert.That(_server.Requests, Is.Empty);
    }

    [Test]
    public async Task Content_over_10_GB_is_rejected_before_anything_is_sent()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => _client.UploadAsync(new PatternStream(UploadContent.MaximumBytes + 1), "song.wav"));

        Assert.That(exception!.Message, Does.Contain("10000000001").And.Contain("10 GB"));
        Assert.That(_server.Requests, Is.Empty);
    }

    [Test]
    public async Task Stream_with_exactly_10_GB_left_is_accepted()
    {
        _reply = ScriptedResponse.Reset with { ReadBytes = 0 };

        await Assert.ThrowsAsync<LalalAiConnectionException>(() => _client.UploadAsync(new PatternStream(UploadContent.MaximumBytes + 7) { Position = 7 }, "song.wav"));

        Assert.That(_server.Requests[0].Headers["Content-Length"], Is.EqualTo("10000000000"));
    }

    [Test]
    public async Task Missing_file_throws_the_exception_of_the_framework()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => _client.UploadAsync(Path.Combine(_directory, "none.wav")));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => _client.UploadAsync(Path.Combine(_directory, "nowhere", "none.wav")));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => _client.UploadAsync(_directory));

        Assert.That(_server.Requests, Is.Empty);
    }

    [Test]
    public async Task File_can_be_read_and_renamed_during_its_upload_and_is_closed_afterwards()
    {
        var path = Path.Combine(_directory, "song.wav");
        await File.WriteAllBytesAsync(path, Content);
        var readByOthers = 0L;

        await _client.UploadAsync(path, progress: new Observer<TransferProgress>(_ =>
        {
            if (readByOthers == 0)
            {
                readByOthers = File.ReadAllBytes(path).Length;
                File.Move(path, path + ".moved");
            }
        }));

        Assert.That(readByOthers, Is.EqualTo(Length));
        Assert.That(_server.Requests.Single().BodyHash, Is.EqualTo(Hash(Content)));
        using var alone = new FileStream(path + ".moved", FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Test]
    public async Task Unreadable_stream_is_rejected_before_anything_is_sent()
    {
        using var content = new FileStream(Path.Combine(_directory, "song.wav"), FileMode.Create, FileAccess.Write);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => _client.UploadAsync(content, "song.wav"));

        Assert.That(exception!.Message, Does.Contain("cannot be read"));
        Assert.That(exception.ParamName, Is.EqualTo("content"));
        Assert.That(_server.Requests, Is.Empty);
    }

    [Test]
    public async Task Missing_argument_is_named_in_the_exception()
    {
        Assert.That((await Assert.ThrowsAsync<ArgumentNullException>(() => _client.UploadAsync((string)null!)))!.ParamName, Is.EqualTo("path"));
        Assert.That((await Assert.ThrowsAsync<ArgumentNullException>(() => _client.UploadAsync((Stream)null!, "song.wav")))!.ParamName, Is.EqualTo("content"));
        Assert.That((await Assert.ThrowsAsync<ArgumentNullException>(() => _client.UploadAsync(Content, null!)))!.ParamName, Is.EqualTo("fileName"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Progress_never_decreases_and_ends_with_all_bytes(bool canSeek)
    {
        var reports = new List<TransferProgress>();

        await _client.UploadAsync(new PatternStream(Length, canSeek), "song.wav", progress: new Observer<TransferProgress>(reports.Add));

        Assert.That(reports.Select(report => report.BytesTransferred), Is.Ordered);
        Assert.That(reports.Select(report => report.TotalBytes), Has.All.EqualTo(canSeek ? (long?)Length : null));
        Assert.That(reports[^1].BytesTransferred, Is.EqualTo(Length));
        Assert.That(reports[^1].Fraction, Is.EqualTo(canSeek ? (double?)1 : null));
    }

    [Test]
    public async Task Response_without_a_source_ID_is_an_error()
    {
        _reply = new ScriptedResponse { Body = "{}" };

        var exception = await Assert.ThrowsAsync<LalalAiApiException>(() => _client.UploadAsync(new byte[] { 1 }, "song.wav"));

        Assert.That(exception!.StatusCode, Is.EqualTo(200));
        Assert.That(exception.Message, Does.Contain("without an ID"));
    }

    [Test]
    public async Task Failure_to_read_the_content_is_not_retried([Values] bool canSeek, [Values] bool givesUp)
    {
        Exception failure = givesUp ? new OperationCanceledException("The disk gave up.") : new IOException("The disk is gone.");

        var exception = await Assert.ThrowsAsync<LalalAiException>(() => _client.UploadAsync(new BrokenStream(canSeek, failure), "song.wav"));

        Assert.That(exception!.InnerException, Is.SameAs(failure));
        Assert.That(exception.Message, Does.Contain("could not be read").And.Contain(failure.Message));
        Assert.That(_server.Requests, Has.Count.LessThanOrEqualTo(1));
    }

    private static string Hash(byte[] content) => Convert.ToHexString(SHA256.HashData(content));

    /// <summary>Memory that is no array.</summary>
    private sealed class OtherMemory(byte[] content) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => content;

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class BrokenStream(bool canSeek, Exception failure) : PatternStream(10_000_000, canSeek)
    {
        private long _read;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _read += buffer.Length;
            return _read > 1_000_000 ? throw failure : base.ReadAsync(buffer, cancellationToken);
        }
    }
}

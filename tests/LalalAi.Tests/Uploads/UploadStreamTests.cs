using System.Diagnostics.CodeAnalysis;
using LalalAi.Http;
using LalalAi.Uploads;

namespace LalalAi.Tests.Uploads;

/// <summary>The body of an upload, as HTTP handlers use it.</summary>
public sealed class UploadStreamTests
{
    private const int Length = 1000;
    private const int Start = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ResponseLimit = TimeSpan.FromMinutes(5);

    private readonly byte[] _buffer = new byte[600];
    private TestClock _clock = null!;
    private TransferMeter _meter = null!;
    private InactivityTimeout _timeout = null!;
    private PausingStream _content = null!;
    private UploadStream _body = null!;

    public enum Reading
    {
        AtOnce,
        ToArray,
        ToMemory,
    }

    [SetUp]
    public void Open()
    {
        _clock = new TestClock();
        _meter = new TransferMeter(_clock, null, Length - Start);
        _timeout = new InactivityTimeout(_clock, Limit, CancellationToken.None);
        _content = new PausingStream(_clock) { Position = Start };
        _body = new UploadStream(new UploadContent(_content, Start, Length - Start, IsStated: false), _meter, _timeout, ResponseLimit);
    }

    [TearDown]
    public async Task Close()
    {
        await _body.DisposeAsync();
        Assert.That(_content.IsDisposed, Is.False, "The content is the caller's.");
        await _content.DisposeAsync();
        _timeout.Dispose();
    }

    [Test]
    public async Task UploadStream_starts_at_the_position_of_the_content_and_is_read_only([Values] Reading reading)
    {
        Assert.That((_body.CanRead, _body.CanSeek, _body.CanWrite), Is.EqualTo((true, true, false)));
        Assert.That((_body.Length, _body.Position), Is.EqualTo((900L, 0L)));

        var read = await ReadAsync(reading);

        Assert.That(_buffer.AsSpan(0, read).SequenceEqual(PatternStream.Bytes(Start, 600)), Is.True);
        Assert.That((_body.Position, _meter.Transferred), Is.EqualTo((600L, 600L)));
        Assert.That(() => _body.SetLength(1), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => _body.Write(_buffer, 0, 1), Throws.TypeOf<NotSupportedException>());
    }

    [TestCase(SeekOrigin.Begin, 0, 0)]
    [TestCase(SeekOrigin.Begin, 250, 250)]
    [TestCase(SeekOrigin.Current, -200, 400)]
    [TestCase(SeekOrigin.End, -300, 600)]
    public async Task Seek_sets_the_position_and_the_transferred_bytes(SeekOrigin origin, int offset, int expected)
    {
        await ReadAsync(Reading.ToMemory);

        var position = _body.Seek(offset, origin);

        Assert.That((position, _body.Position, _meter.Transferred), Is.EqualTo((expected, expected, expected)));
        var read = await ReadAsync(Reading.ToMemory);
        Assert.That(_buffer.AsSpan(0, read).SequenceEqual(PatternStream.Bytes(Start + expected, read)), Is.True);
        Assert.That(_meter.Transferred, Is.EqualTo(expected + read));
    }

    [Test]
    public async Task UploadStream_is_complete_at_its_end_until_it_is_rewound([Values] Reading reading)
    {
        await ReadAsync(reading);
        await ReadAsync(reading);
        Assert.That(_body.IsComplete, Is.False, "The end was not read yet.");

        Assert.That(await ReadAsync(reading), Is.Zero);
        Assert.That(_body.IsComplete, Is.True);

        _body.Position = 0;
        Assert.That(_body.IsComplete, Is.False);
    }

    /// <remarks>Network and content may each take nearly as long as the limit, because both have moved.</remarks>
    [Test]
    public async Task Each_read_resets_the_inactivity_timeout_at_its_start_and_at_its_end([Values] Reading reading)
    {
        _clock.Advance(Limit * 0.7);
        _content.Pause = Limit * 0.7;
        await ReadAsync(reading);
        _clock.Advance(Limit * 0.7);

        Assert.That(_timeout.HasExpired, Is.False);

        _clock.Advance(Limit * 0.3);
        Assert.That(_timeout.HasExpired, Is.True);
    }

    [Test]
    public void Rewinding_resets_the_inactivity_timeout()
    {
        _clock.Advance(Limit * 0.7);
        _body.Position = 0;
        _clock.Advance(Limit * 0.7);

        Assert.That(_timeout.HasExpired, Is.False);
    }

    [Test]
    public async Task Response_timeout_starts_at_the_first_read_of_the_end([Values] Reading reading)
    {
        await ReadAsync(reading);
        await ReadAsync(reading);
        await ReadAsync(reading);
        Assert.That(_timeout.Limit, Is.EqualTo(ResponseLimit));

        _clock.Advance(ResponseLimit * 0.7);
        Assert.That(_timeout.HasExpired, Is.False);

        _clock.Advance(ResponseLimit * 0.3);
        Assert.That(_timeout.HasExpired, Is.True);
    }

    [Test]
    public async Task Failure_of_the_content_is_recorded([Values] Reading reading, [Values] bool givesUp)
    {
        _content.Failure = givesUp ? new OperationCanceledException() : new IOException();

        var exception = await Assert.CatchAsync(() => ReadAsync(reading));

        Assert.That(exception, Is.SameAs(_content.Failure));
        Assert.That(_body.ReadFailure, Is.SameAs(_content.Failure));
    }

    [TestCase(Reading.ToArray)]
    [TestCase(Reading.ToMemory)]
    public async Task Read_that_is_abandoned_is_not_a_failure_of_the_content(Reading reading)
    {
        _content.Failure = new OperationCanceledException();

        await Assert.CatchAsync(() => ReadAsync(reading, new CancellationToken(canceled: true)));

        Assert.That(_body.ReadFailure, Is.Null);
    }

    [Test]
    public async Task UploadStream_reads_nothing_after_it_is_closed([Values] Reading reading)
    {
        await _body.CloseAsync();

        await Assert.CatchAsync<ObjectDisposedException>(() => ReadAsync(reading));

        Assert.That(_content.Position, Is.EqualTo(Start));
        Assert.That(_body.ReadFailure, Is.Null);
    }

    [SuppressMessage("Performance", "CA1835:Prefer the memory-based overloads of ReadAsync", Justification = "Handlers on netstandard2.0 call the other one.")]
    private async Task<int> ReadAsync(Reading reading, CancellationToken cancellationToken = default) => reading switch
    {
        Reading.AtOnce => _body.Read(_buffer, 0, _buffer.Length),
        Reading.ToArray => await _body.ReadAsync(_buffer, 0, _buffer.Length, cancellationToken),
        _ => await _body.ReadAsync(_buffer.AsMemory(), cancellationToken),
    };

    /// <summary>Content that takes a while by the clock, or fails.</summary>
    private sealed class PausingStream(TestClock clock) : PatternStream(UploadStreamTests.Length)
    {
        public TimeSpan Pause { get; set; }

        public Exception? Failure { get; set; }

        public override int Read(Span<byte> buffer)
        {
            clock.Advance(Pause);
            return Failure is null ? base.Read(buffer) : throw Failure;
        }
    }
}

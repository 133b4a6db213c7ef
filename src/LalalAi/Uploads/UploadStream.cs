using LalalAi.Http;

namespace LalalAi.Uploads;

/// <summary>
/// The caller's content as the body of one attempt: an unbuffered stream that counts the bytes, compares them with the length, and detects
/// stalls. It never disposes the content. Once it is closed, the content is no longer read.
/// </summary>
internal sealed class UploadStream(UploadContent content, TransferMeter meter, InactivityTimeout timeout, TimeSpan responseTimeout) : Stream
{
    // Each part is sent before the next one is read. Small parts show the progress of a slow connection, and large ones save time.
    private const int SmallestPart = 4 * 1024;

    private static readonly TimeSpan FastPart = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _reading = new(1);
    private int _part;
    private long _position;
    private bool _isClosed;

    /// <summary>The exception of the content, which HTTP handlers report as a connection failure.</summary>
    public Exception? ReadFailure { get; private set; }

    /// <summary>Whether every byte was read, so that only the response is missing.</summary>
    public bool IsComplete { get; private set; }

    public override bool CanRead => true;

    // HTTP handlers interpret it as "has a length" too.
    public override bool CanSeek => content.Length is not null;

    public override bool CanWrite => false;

    public override long Length => content.Length ?? throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set
        {
            timeout.Touch();
            if (value == _position)
            {
                return;
            }

            if (!content.Stream.CanSeek)
            {
                throw new NotSupportedException("The content cannot be read twice.");
            }

            content.Stream.Position = content.Start + value;
            _position = value;
            meter.Restart(value);
            IsComplete = false;
        }
    }

    /// <summary>
    /// Waits for a pending read, and rejects further ones, because a failed attempt may still be reading the content.
    /// </summary>
    public async Task CloseAsync()
    {
        await _reading.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _isClosed = true;
        _reading.Release();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

#if NET
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
#else
    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
#endif
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
#if NET
            var part = buffer[..Begin(buffer.Length)];
            return Count(await content.Stream.ReadAsync(part, cancellationToken).ConfigureAwait(false));
#else
            var part = Begin(count);
            return Count(await content.Stream.ReadAsync(buffer, offset, part, cancellationToken).ConfigureAwait(false));
#endif
        }
        catch (Exception exception) when (Note(exception, cancellationToken.IsCancellationRequested))
        {
            throw;
        }
        finally
        {
            _reading.Release();
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Returns how much to read.</summary>
    private int Begin(int most)
    {
        if (_isClosed)
        {
            throw new ObjectDisposedException(nameof(UploadStream));
        }

        _part = Math.Min(most, timeout.SinceProgress < FastPart ? _part + SmallestPart : SmallestPart);
        timeout.Touch();
        return _part;
    }

    // A canceled read is not a failure of the content, unless the content canceled it.
    private bool Note(Exception exception, bool isCanceled)
    {
        if (!_isClosed && !(isCanceled && exception is OperationCanceledException))
        {
            ReadFailure = exception;
        }

        return false;
    }

    private int Count(int read)
    {
        _position += read;
        if (_position > UploadContent.MaximumBytes)
        {
            throw new InvalidDataException(
                $"The content has more than {UploadContent.MaximumBytes} bytes (10 GB), which is the service's limit.");
        }

        if (content.Length is { } length && (_position > length || (read == 0 && _position < length)))
        {
            throw new InvalidDataException(Describe(length));
        }

        if (read > 0)
        {
            meter.Add(read);
            timeout.Touch();
            return read;
        }

        if (!IsComplete)
        {
            IsComplete = true;
            timeout.Touch(responseTimeout);
        }

        return 0;
    }

    private string Describe(long length) => (content.IsStated, _position > length) switch
    {
        (true, true) => $"The content has more than the {length} bytes that {nameof(UploadOptions)}.{nameof(UploadOptions.Length)} states.",
        (true, false) =>
            $"The content ended after {_position} bytes. {nameof(UploadOptions)}.{nameof(UploadOptions.Length)} states {length}.",
        (false, true) => $"The content grew during the upload: it had {length} bytes when the upload began.",
        (false, false) => $"The content shrank during the upload: it ended after {_position} of {length} bytes.",
    };
}

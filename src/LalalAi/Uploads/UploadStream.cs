using LalalAi.Http;

namespace LalalAi.Uploads;

/// <summary>
/// The caller's content from where it stood, as the body of one attempt: read through without a buffer of its own, counted, and watched. It can be rewound to its start when the
/// content can, which HTTP handlers make use of, and it never disposes the content.
/// </summary>
internal sealed class UploadStream : Stream
{
    private readonly Stream _content;
    private readonly long _start;
    private readonly TransferMeter _meter;
    private readonly InactivityWatch _watch;
    private readonly TimeSpan _responseTimeout;

    public UploadStream(Stream content, long start, TransferMeter meter, InactivityWatch watch, TimeSpan responseTimeout)
    {
        _content = content;
        _start = start;
        _meter = meter;
        _watch = watch;
        _responseTimeout = responseTimeout;
    }

    /// <summary>What the content failed with when it was read, which HTTP handlers report as a failure of the connection.</summary>
    public Exception? ReadFailure { get; private set; }

    /// <summary>Whether every byte was read; what is missing then is the answer.</summary>
    public bool IsComplete { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => _content.CanSeek;

    public override bool CanWrite => false;

    public override long Length => _content.Length - _start;

    public override long Position
    {
        get => _content.Position - _start;
        set
        {
            _content.Position = _start + value;
            _meter.Restart(value);
            IsComplete = false;
            _watch.Sign();
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        _watch.Sign();
        int read;
        try
        {
            read = _content.Read(buffer, offset, count);
        }
        catch (Exception exception) when (Note(exception, isCancelled: false))
        {
            throw;
        }

        return Count(read);
    }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        _watch.Sign();
        int read;
        try
        {
            read = await _content.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Note(exception, cancellationToken.IsCancellationRequested))
        {
            throw;
        }

        return Count(read);
    }

#if NET
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _watch.Sign();
        int read;
        try
        {
            read = await _content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Note(exception, cancellationToken.IsCancellationRequested))
        {
            throw;
        }

        return Count(read);
    }
#endif

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

    // A reading that was given up is no failure of the content, one that the content gave up is.
    private bool Note(Exception exception, bool isCancelled)
    {
        ReadFailure = isCancelled && exception is OperationCanceledException ? null : exception;
        return false;
    }

    private int Count(int read)
    {
        if (read > 0)
        {
            _meter.Add(read);
            _watch.Sign();
        }
        else if (!IsComplete)
        {
            IsComplete = true;
            _watch.Sign(_responseTimeout);
        }

        return read;
    }
}

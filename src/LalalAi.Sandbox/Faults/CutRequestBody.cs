using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Faults;

/// <summary>The body of an upload whose connection is reset after some bytes.</summary>
internal sealed class CutRequestBody(HttpContext context, long after) : Stream
{
    private readonly Stream _inner = context.Request.Body;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read >= after)
        {
            context.Abort();
            throw new OperationCanceledException("The connection was reset by a fault.");
        }

        var read = await _inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, after - _read)], cancellationToken).ConfigureAwait(false);
        _read += read;
        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

using System.Security.Cryptography;

namespace LalalAi.AI.Files;

/// <summary>
/// A file that is hashed while it is read, so that the hash describes the bytes that were sent. Rewinding it starts a new
/// hash.
/// </summary>
internal sealed class HashingStream(FileStream file) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _hashed;

    /// <summary>
    /// The hash of all bytes from the start, or <see langword="null"/> if the file was not read sequentially.
    /// </summary>
    public string? Sha256 => _hashed == file.Position ? Convert.ToHexStringLower(_hash.GetCurrentHash()) : null;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = file.Seek(offset, origin);
        if (position == 0)
        {
            _hash.GetHashAndReset();
            _hashed = 0;
        }

        return position;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var start = file.Position;
        var read = file.Read(buffer);
        Append(start, buffer[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var start = file.Position;
        var read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Append(start, buffer.Span[..read]);
        return read;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Append(long start, ReadOnlySpan<byte> data)
    {
        if (start == _hashed)
        {
            _hash.AppendData(data);
            _hashed += data.Length;
        }
    }
}

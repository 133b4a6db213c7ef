namespace LalalAi.Testing;

/// <summary>Content of any length that takes no memory: each byte follows from its position.</summary>
public class PatternStream(long length, bool canSeek = true) : Stream
{
    // A prime, so that misplaced parts do not match by chance.
    private const int Period = 1_000_003;

    private static readonly byte[] Pattern = MakePattern();

    private long _position;

    public bool IsDisposed { get; private set; }

    public override bool CanRead => !IsDisposed;

    public override bool CanSeek => canSeek && !IsDisposed;

    public override bool CanWrite => false;

    public override long Length => canSeek ? length : throw new NotSupportedException();

    public override long Position
    {
        get => canSeek ? _position : throw new NotSupportedException();
        set => _position = canSeek ? value : throw new NotSupportedException();
    }

    /// <summary>Whether a part of the content is what it must be.</summary>
    public static bool Matches(long offset, ReadOnlySpan<byte> part)
    {
        while (part.Length > 0)
        {
            var expected = At(offset, part.Length);
            if (!part[..expected.Length].SequenceEqual(expected))
            {
                return false;
            }

            offset += expected.Length;
            part = part[expected.Length..];
        }

        return true;
    }

    /// <summary>A part of the content as an array.</summary>
    public static byte[] Bytes(long offset, int count)
    {
        using var stream = new PatternStream(offset + count) { Position = offset };
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        var part = At(_position, (int)Math.Min(buffer.Length, length - _position));
        part.CopyTo(buffer);
        _position += part.Length;
        return part.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + (origin == SeekOrigin.Current ? Position : origin == SeekOrigin.End ? Length : 0);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private static ReadOnlySpan<byte> At(long offset, int count)
    {
        var start = (int)(offset % Period);
        return Pattern.AsSpan(start, Math.Min(count, Period - start));
    }

    private static byte[] MakePattern()
    {
        var pattern = new byte[Period];
        new Random(1).NextBytes(pattern);
        return pattern;
    }
}

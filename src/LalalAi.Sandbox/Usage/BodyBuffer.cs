namespace LalalAi.Sandbox.Usage;

/// <summary>
/// The latest bodies, in one ring buffer: the newest overwrite the oldest. Separate arrays would live long enough to make garbage
/// collections expensive. Not thread-safe.
/// </summary>
internal sealed class BodyBuffer
{
    private const int InitialBytes = 64 * 1024;
    private const int MaxBytes = 16 * 1024 * 1024;
    private const int MaxBytesPerBody = 128 * 1024;

    private byte[] _bytes = new byte[InitialBytes];
    private long _written;

    /// <summary>Keeps a body, or its beginning.</summary>
    public KeptBody Write(ReadOnlySpan<byte> body)
    {
        var kept = body[..Math.Min(body.Length, MaxBytesPerBody)];
        if (_written + kept.Length > _bytes.Length && _bytes.Length < MaxBytes)
        {
            // The buffer is not full, so no body has been overwritten.
            Array.Resize(ref _bytes, Math.Min(MaxBytes, Math.Max(2 * _bytes.Length, (int)_written + kept.Length)));
        }

        var position = (int)(_written % _bytes.Length);
        var fitting = Math.Min(kept.Length, _bytes.Length - position);
        kept[..fitting].CopyTo(_bytes.AsSpan(position));
        kept[fitting..].CopyTo(_bytes);
        _written += kept.Length;
        return new KeptBody(_written - kept.Length, kept.Length, body.Length);
    }

    /// <summary>The kept part of a body; null when it has been overwritten.</summary>
    public byte[]? Read(KeptBody body)
    {
        if (body.Start < _written - _bytes.Length)
        {
            return null;
        }

        var bytes = new byte[body.Kept];
        var position = (int)(body.Start % _bytes.Length);
        var fitting = Math.Min(body.Kept, _bytes.Length - position);
        _bytes.AsSpan(position, fitting).CopyTo(bytes);
        _bytes.AsSpan(0, body.Kept - fitting).CopyTo(bytes.AsSpan(fitting));
        return bytes;
    }
}

/// <summary>The location of a body in the buffer.</summary>
/// <param name="Start">The number of bytes that were kept before it.</param>
/// <param name="Kept">The number of kept bytes.</param>
/// <param name="Length">The length of the whole body in bytes.</param>
internal readonly record struct KeptBody(long Start, int Kept, int Length);

namespace LalalAi.Sandbox.Usage;

/// <summary>
/// The latest bodies. They share one block of memory in which the newest overwrite the oldest: arrays of their own would live long enough
/// to make garbage collections expensive. Not safe for concurrent use.
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
            // Not yet full, so nothing has been overwritten and all keeps its place.
            Array.Resize(ref _bytes, Math.Min(MaxBytes, Math.Max(2 * _bytes.Length, (int)_written + kept.Length)));
        }

        var position = (int)(_written % _bytes.Length);
        var fitting = Math.Min(kept.Length, _bytes.Length - position);
        kept[..fitting].CopyTo(_bytes.AsSpan(position));
        kept[fitting..].CopyTo(_bytes);
        _written += kept.Length;
        return new KeptBody(_written - kept.Length, kept.Length, body.Length);
    }

    /// <summary>What was kept of a body; null when it has been overwritten.</summary>
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

/// <summary>Where a body is kept.</summary>
/// <param name="Start">How many bytes had been kept before it.</param>
/// <param name="Kept">How many of its bytes are kept.</param>
/// <param name="Length">Its whole length in bytes.</param>
internal readonly record struct KeptBody(long Start, int Kept, int Length);

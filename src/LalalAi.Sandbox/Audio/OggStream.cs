using System.Buffers.Binary;

namespace LalalAi.Sandbox.Audio;

/// <summary>The packets of the first logical stream in an Ogg file (RFC 3533).</summary>
internal sealed class OggStream(Stream file)
{
    private const int HeaderLength = 27;
    private const int LongestPacket = 1024 * 1024;

    private readonly byte[] _header = new byte[HeaderLength];
    private readonly byte[] _segments = new byte[byte.MaxValue];
    private int _segment;
    private int _segmentCount;
    private uint? _serial;

    public static bool IsOgg(ReadOnlySpan<byte> head) => head.StartsWith("OggS"u8);

    /// <summary>The granule position of the last page: for most codecs, the number of frames.</summary>
    public long ReadLastPosition()
    {
        var last = 0L;
        for (file.Position = 0; ReadPage() is { } page; file.Position = page.End)
        {
            last = Math.Max(last, page.Position);
        }

        file.Position = 0;
        _segment = _segmentCount = 0;
        return last;
    }

    /// <summary>The next packet; null at the end.</summary>
    /// <exception cref="InvalidDataException">The packet is too long for audio.</exception>
    public byte[]? ReadPacket()
    {
        using var packet = new MemoryStream();
        while (true)
        {
            if (_segment == _segmentCount && ReadPage() is null)
            {
                return null;
            }

            while (_segment < _segmentCount)
            {
                var length = _segments[_segment++];
                var segment = new byte[length];
                file.ReadExactly(segment);
                packet.Write(segment);
                if (length < byte.MaxValue)
                {
                    return packet.ToArray();
                }
            }

            if (packet.Length > LongestPacket)
            {
                throw new InvalidDataException("A packet of the Ogg stream is too long.");
            }
        }
    }

    private (long Position, long End)? ReadPage()
    {
        while (file.ReadAtLeast(_header, HeaderLength, throwOnEndOfStream: false) == HeaderLength && IsOgg(_header))
        {
            _segmentCount = _header[26];
            _segment = 0;
            file.ReadExactly(_segments, 0, _segmentCount);
            var end = file.Position + _segments.Take(_segmentCount).Sum(length => length);
            var serial = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(14));
            if (serial == (_serial ??= serial))
            {
                return (BinaryPrimitives.ReadInt64LittleEndian(_header.AsSpan(6)), end);
            }

            file.Position = end;
        }

        _segment = _segmentCount = 0;
        return null;
    }
}

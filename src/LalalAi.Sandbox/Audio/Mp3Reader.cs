using System.Buffers.Binary;
using NLayer;

namespace LalalAi.Sandbox.Audio;

/// <summary>
/// MPEG audio, decoded by NLayer. This class counts the frames, because NLayer trusts the file's header, which is wrong in files that
/// were cut or joined.
/// </summary>
internal sealed class Mp3Reader : SampleReader
{
    // A file may begin in the middle of a stream, or with cover art.
    private const int LongestSearch = 64 * 1024;

    // The delay of every decoder, in frames.
    private const int DecoderDelay = 529;

    private readonly MpegFile _decoder;
    private long _toSkip;

    private Mp3Reader(Stream file, Layout layout)
        : base(layout.First.SampleRate, layout.First.Channels, layout.Frames - layout.Delay - layout.Padding)
    {
        _decoder = new MpegFile(new AudioFrames(file, layout.Offset));
        _toSkip = (long)layout.Delay * Channels;
    }

    /// <returns>Null when the file is not MPEG audio.</returns>
    public static Mp3Reader? TryOpen(Stream file) => Scan(file) is { } layout ? new Mp3Reader(file, layout) : null;

    public override int Read(Span<float> samples)
    {
        int read;
        while ((read = _decoder.ReadSamples(samples)) > 0)
        {
            if (read > _toSkip)
            {
                var skipped = (int)_toSkip;
                _toSkip = 0;
                samples[skipped..read].CopyTo(samples);
                return read - skipped;
            }

            _toSkip -= read;
        }

        return 0;
    }

    public override void Dispose()
    {
        _decoder.Dispose();
        base.Dispose();
    }

    private static Layout? Scan(Stream file)
    {
        if (FindFrame(file, AfterTag(file), like: null) is not (var offset, var first))
        {
            return null;
        }

        var info = ReadInfo(file, offset, first);
        var position = info is null ? offset : offset + first.Length;
        var layout = new Layout(first, position, 0, 0, 0);
        long frames = 0;
        while (FindFrame(file, position, like: first) is (var at, var frame))
        {
            frames++;
            position = at + frame.Length;
        }

        // The trim is valid only for exactly the frames that the encoder wrote.
        layout = layout with { Frames = frames * first.Samples };
        return frames == 0 ? null
            : info is { } trim && trim.Frames == frames && trim.Delay + trim.Padding < layout.Frames
            ? layout with { Delay = trim.Delay, Padding = trim.Padding }
            : layout;
    }

    private static long AfterTag(Stream file)
    {
        Span<byte> tag = stackalloc byte[10];
        file.Position = 0;
        return file.ReadAtLeast(tag, tag.Length, throwOnEndOfStream: false) == tag.Length && tag.StartsWith("ID3"u8)
            ? tag.Length + ((tag[6] & 0x7F) << 21 | (tag[7] & 0x7F) << 14 | (tag[8] & 0x7F) << 7 | (tag[9] & 0x7F))
            : 0;
    }

    /// <summary>
    /// The next frame at or after a position. The first frame must be followed by two similar frames, unless the file ends.
    /// </summary>
    private static (long Offset, FrameHeader Header)? FindFrame(Stream file, long position, FrameHeader? like)
    {
        var end = position + LongestSearch;
        for (var offset = NextSync(file, position, end); offset < end; offset = NextSync(file, offset + 1, end))
        {
            if (ReadHeader(file, offset) is { } header
                && (like is null ? IsFollowed(file, offset + header.Length, header, times: 2) : header.IsLike(like.Value)))
            {
                return (offset, header);
            }
        }

        return null;
    }

    /// <summary>The position of the next byte with which a header can begin, or the end.</summary>
    private static long NextSync(Stream file, long offset, long end)
    {
        Span<byte> bytes = stackalloc byte[256];
        file.Position = offset;
        for (int read; offset < end && (read = file.Read(bytes)) > 0; offset += read)
        {
            if (bytes[..read].IndexOf((byte)0xFF) is >= 0 and var index)
            {
                return offset + index;
            }
        }

        return end;
    }

    private static bool IsFollowed(Stream file, long offset, FrameHeader header, int times) =>
        times == 0 || offset == file.Length
        || (ReadHeader(file, offset) is { } next && next.IsLike(header) && IsFollowed(file, offset + next.Length, header, times - 1));

    private static FrameHeader? ReadHeader(Stream file, long offset)
    {
        Span<byte> bytes = stackalloc byte[FrameHeader.Size];
        file.Position = offset;
        return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            && FrameHeader.TryParse(bytes) is { } header
            && offset + header.Length <= file.Length
            ? header
            : null;
    }

    /// <summary>The contents of a first frame without audio: the number of frames, and the silence that the encoder added.</summary>
    private static (long Frames, int Delay, int Padding)? ReadInfo(Stream file, long offset, FrameHeader header)
    {
        var frame = new byte[header.Length];
        file.Position = offset;
        file.ReadExactly(frame);
        var tag = FrameHeader.Size + header.SideInfoLength;
        if (frame.AsSpan(FrameHeader.Size + 32).StartsWith("VBRI"u8))
        {
            return (-1, 0, 0);
        }

        if (frame.Length < tag + 8 || !(frame.AsSpan(tag).StartsWith("Xing"u8) || frame.AsSpan(tag).StartsWith("Info"u8)))
        {
            return null;
        }

        var flags = frame[tag + 7];
        var frames = (flags & 1) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(tag + 8)) : -1L;
        var encoder =
            tag + 8 + ((flags & 1) != 0 ? 4 : 0) + ((flags & 2) != 0 ? 4 : 0) + ((flags & 4) != 0 ? 100 : 0) + ((flags & 8) != 0 ? 4 : 0);
        if (encoder + 24 > frame.Length || frame[encoder] == 0)
        {
            return (frames, 0, 0);
        }

        var trim = frame.AsSpan(encoder + 21, 3);
        return (frames, (trim[0] << 4 | trim[1] >> 4) + DecoderDelay, Math.Max(0, ((trim[1] & 0x0F) << 8 | trim[2]) - DecoderDelay));
    }

    /// <summary>The location of the audio.</summary>
    /// <param name="First">The first frame.</param>
    /// <param name="Offset">The position of the first frame with audio.</param>
    /// <param name="Frames">All sample frames.</param>
    /// <param name="Delay">The number of frames that the encoder added at the start.</param>
    /// <param name="Padding">The number of frames that the encoder added at the end.</param>
    private sealed record Layout(FrameHeader First, long Offset, long Frames, int Delay, int Padding);

    private readonly record struct FrameHeader(int Version, int Layer, int SampleRate, int Channels, int Length, int Samples)
    {
        public const int Size = 4;

        private static readonly int[] SampleRates = [44_100, 48_000, 32_000];

        // In kbit/s, by version and layer.
        private static readonly int[][] BitRates =
        [
            [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
            [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
            [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
            [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
            [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
        ];

        public int SideInfoLength => (Version, Channels) switch { (1, 2) => 32, (1, _) or (_, 2) => 17, _ => 9 };

        public static FrameHeader? TryParse(ReadOnlySpan<byte> bytes)
        {
            var version = ((bytes[1] >> 3) & 3) switch { 3 => 1, 2 => 2, 0 => 4, _ => 0 };
            var layer = 4 - ((bytes[1] >> 1) & 3);
            var bitRate = bytes[2] >> 4;
            var rate = (bytes[2] >> 2) & 3;
            if (bytes[0] != 0xFF || bytes[1] < 0xE0 || version == 0 || layer == 4 || bitRate is 0 or 15 || rate == 3)
            {
                return null;
            }

            var bitsPerSecond = 1000 * BitRates[version == 1 ? layer - 1 : layer == 1 ? 3 : 4][bitRate - 1];
            var sampleRate = SampleRates[rate] / version;
            var samples = layer == 1 ? 384 : layer == 3 && version > 1 ? 576 : 1152;
            var slot = layer == 1 ? 4 : 1;
            var length = ((samples / 8 / slot * bitsPerSecond / sampleRate) + ((bytes[2] >> 1) & 1)) * slot;
            return new FrameHeader(version, layer, sampleRate, bytes[3] >> 6 == 3 ? 1 : 2, length, samples);
        }

        public bool IsLike(FrameHeader other) =>
            (Version, Layer, SampleRate, Channels) == (other.Version, other.Layer, other.SampleRate, other.Channels);
    }

    /// <summary>
    /// The file from its first frame with audio. It reports that it is not seekable, because NLayer keeps all frames of seekable streams in
    /// memory.
    /// </summary>
    private sealed class AudioFrames : Stream
    {
        private readonly Stream _file;
        private readonly long _offset;

        public AudioFrames(Stream file, long offset)
        {
            _file = file;
            _offset = offset;
            _file.Position = offset;
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _file.Position - _offset;
            set => _file.Position = _offset + value;
        }

        public override int Read(byte[] buffer, int offset, int count) => _file.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => _file.Read(buffer);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

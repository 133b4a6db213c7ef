using System.Buffers.Binary;
using Concentus;

namespace LalalAi.Sandbox.Audio;

/// <summary>Opus in Ogg (RFC 7845), decoded by Concentus.</summary>
internal sealed class OpusSamples : SampleReader
{
    private const int Rate = 48_000;
    private const int LongestPacket = Rate * 120 / 1000;

    private readonly OggStream _packets;
    private readonly IOpusMultiStreamDecoder _decoder;
    private readonly float _gain;
    private readonly float[] _decoded;
    private int _start;
    private int _end;
    private int _toSkip;

    private OpusSamples(OggStream packets, byte[] head, int channels, int preSkip, long lastPosition)
        : base(Rate, channels, lastPosition - preSkip)
    {
        _packets = packets;
        _toSkip = preSkip * channels;
        _gain = MathF.Pow(10, BinaryPrimitives.ReadInt16LittleEndian(head.AsSpan(16)) / (20 * 256f));
        _decoded = new float[LongestPacket * channels];

        // Mono and stereo have one stream with the channels in order. Other layouts list their streams.
        _decoder = head[18] == 0
            ? OpusCodecFactory.CreateMultiStreamDecoder(Rate, channels, streams: 1, coupledStreams: channels - 1, [0, 1])
            : OpusCodecFactory.CreateMultiStreamDecoder(
                Rate, channels, head[19], head[20], [.. VorbisChannels.Order(channels).Select(channel => head[21 + channel])]);
    }

    public static bool IsHead(ReadOnlySpan<byte> packet) => packet.StartsWith("OpusHead"u8) && packet.Length >= 19;

    public static OpusSamples Open(Stream file)
    {
        var stream = new OggStream(file);
        var last = stream.ReadLastPosition();
        var head = stream.ReadPacket()!;
        _ = stream.ReadPacket();
        return new OpusSamples(stream, head, head[9], BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(10)), last);
    }

    public override int Read(Span<float> samples)
    {
        while (_start == _end)
        {
            if (_packets.ReadPacket() is not { } packet)
            {
                return 0;
            }

            _end = _decoder.DecodeMultistream(packet, _decoded.AsSpan(), LongestPacket, false) * Channels;
            _start = Math.Min(_toSkip, _end);
            _toSkip -= _start;
        }

        var count = Math.Min(samples.Length, _end - _start);
        for (var index = 0; index < count; index++)
        {
            samples[index] = _decoded[_start + index] * _gain;
        }

        _start += count;
        return count;
    }
}

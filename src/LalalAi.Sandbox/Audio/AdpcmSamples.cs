using System.Buffers.Binary;
using NAudio.Wave;

namespace LalalAi.Sandbox.Audio;

/// <summary>IMA and Microsoft ADPCM in WAV files: 4 bits per sample, in independent blocks.</summary>
internal sealed class AdpcmSamples : SampleReader
{
    private static readonly int[] ImaSteps =
    [
        7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118,
        130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060,
        1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132,
        7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
    ];

    private static readonly int[] ImaIndexSteps = [-1, -1, -1, -1, 2, 4, 6, 8];
    private static readonly int[] MicrosoftAdaptations = [230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230];
    private static readonly (int First, int Second)[] MicrosoftCoefficients =
        [(256, 0), (512, -256), (0, 0), (192, 64), (240, 0), (460, -208), (392, -232)];

    private readonly EncodedRegion _region;
    private readonly Func<ReadOnlySpan<byte>, short[], int> _decode;
    private readonly byte[] _block;
    private readonly short[] _decoded;
    private int _start;
    private int _end;

    private AdpcmSamples(
        EncodedRegion region,
        int blockAlign,
        int framesPerBlock,
        long? frames,
        Func<ReadOnlySpan<byte>, short[], int> decode)
        : base(region.SampleRate, region.Channels, Math.Min(
            frames ?? long.MaxValue, (region.Length + blockAlign - 1) / blockAlign * framesPerBlock))
    {
        _region = region;
        _decode = decode;
        _block = new byte[blockAlign];
        _decoded = new short[framesPerBlock * region.Channels];
    }

    public static bool CanDecode(WaveFormat format) =>
        format is { BitsPerSample: 4, Channels: 1 or 2 } && format.BlockAlign >= 8 * format.Channels;

    public static AdpcmSamples Ima(EncodedRegion region, int blockAlign, long? frames)
    {
        var channels = region.Channels;
        var framesPerBlock = (((blockAlign / channels) - 4) * 2) + 1;
        return new AdpcmSamples(region, blockAlign, framesPerBlock, frames, (block, samples) => DecodeIma(block, samples, channels));
    }

    public static AdpcmSamples Microsoft(EncodedRegion region, int blockAlign, long? frames)
    {
        var channels = region.Channels;
        var framesPerBlock = (((blockAlign / channels) - 7) * 2) + 2;
        return new AdpcmSamples(region, blockAlign, framesPerBlock, frames, (block, samples) => DecodeMicrosoft(block, samples, channels));
    }

    public override int Read(Span<float> samples)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = _decode(_block.AsSpan(0, _region.Read(_block)), _decoded);
        }

        var count = Math.Min(samples.Length - (samples.Length % Channels), _end - _start);
        for (var index = 0; index < count; index++)
        {
            samples[index] = _decoded[_start + index] / 32768f;
        }

        _start += count;
        return count;
    }

    private static int DecodeIma(ReadOnlySpan<byte> block, short[] samples, int channels)
    {
        if (block.Length < 4 * channels)
        {
            return 0;
        }

        // A header of 4 bytes for each channel, then groups of 4 bytes that alternate between the channels.
        var groups = ((block.Length / channels) - 4) / 4;
        for (var channel = 0; channel < channels; channel++)
        {
            var value = (int)BinaryPrimitives.ReadInt16LittleEndian(block[(channel * 4)..]);
            var index = Math.Clamp((int)block[(channel * 4) + 2], 0, ImaSteps.Length - 1);
            samples[channel] = (short)value;
            for (var position = 0; position < groups * 8; position++)
            {
                var packed = block[(4 * channels) + (((position / 8 * channels) + channel) * 4) + (position % 8 / 2)];
                var code = position % 2 == 0 ? packed & 0x0F : packed >> 4;
                var change = ((2 * (code & 7)) + 1) * ImaSteps[index] / 8;
                value = Math.Clamp(value + ((code & 8) != 0 ? -change : change), short.MinValue, short.MaxValue);
                index = Math.Clamp(index + ImaIndexSteps[code & 7], 0, ImaSteps.Length - 1);
                samples[((position + 1) * channels) + channel] = (short)value;
            }
        }

        return ((groups * 8) + 1) * channels;
    }

    private static int DecodeMicrosoft(ReadOnlySpan<byte> block, short[] samples, int channels)
    {
        var header = 7 * channels;
        if (block.Length < header)
        {
            return 0;
        }

        Span<int> delta = stackalloc int[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            delta[channel] = BinaryPrimitives.ReadInt16LittleEndian(block[(channels + (channel * 2))..]);
            samples[channel] = BinaryPrimitives.ReadInt16LittleEndian(block[((5 * channels) + (channel * 2))..]);
            samples[channels + channel] = BinaryPrimitives.ReadInt16LittleEndian(block[((3 * channels) + (channel * 2))..]);
        }

        var count = 2 * channels;
        for (var position = 0; position < (block.Length - header) * 2; position++, count++)
        {
            var channel = count % channels;
            var packed = block[header + (position / 2)];
            var code = position % 2 == 0 ? packed >> 4 : packed & 0x0F;
            var (first, second) = MicrosoftCoefficients[Math.Min(block[channel], MicrosoftCoefficients.Length - 1)];
            var predicted = ((samples[count - channels] * first) + (samples[count - (2 * channels)] * second)) / 256;
            samples[count] = (short)Math.Clamp(predicted + ((code >= 8
                ? code - 16
                : code) * delta[channel]), short.MinValue, short.MaxValue);
            delta[channel] = Math.Max(16, MicrosoftAdaptations[code] * delta[channel] / 256);
        }

        return count;
    }
}

using NAudio.Codecs;

namespace LalalAi.Sandbox.Audio;

/// <summary>A-law and µ-law (G.711): one byte per sample.</summary>
internal sealed class CompandedSamples(EncodedRegion region, float[] table)
    : SampleReader(region.SampleRate, region.Channels, region.Length / region.Channels)
{
    public static float[] ALaw { get; } = Tabulate(ALawDecoder.ALawToLinearSample);

    public static float[] MuLaw { get; } = Tabulate(MuLawDecoder.MuLawToLinearSample);

    public override int Read(Span<float> samples)
    {
        var bytes = new byte[samples.Length - (samples.Length % Channels)];
        var read = region.Read(bytes);
        for (var index = 0; index < read; index++)
        {
            samples[index] = table[bytes[index]];
        }

        return read - (read % Channels);
    }

    private static float[] Tabulate(Func<byte, short> decode) => [.. Enumerable.Range(0, 256).Select(code => decode((byte)code) / 32768f)];
}

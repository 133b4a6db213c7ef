using NVorbis;

namespace LalalAi.Sandbox.Audio;

/// <summary>Ogg Vorbis, decoded by NVorbis.</summary>
internal sealed class VorbisSamples : SampleReader
{
    private readonly VorbisReader _decoder;

    private VorbisSamples(VorbisReader decoder)
        : base(decoder.SampleRate, decoder.Channels, decoder.TotalSamples) => _decoder = decoder;

    public static VorbisSamples Open(Stream file) => new(new VorbisReader(file, closeOnDispose: false));

    public override int Read(Span<float> samples)
    {
        var read = _decoder.ReadSamples(samples[..(samples.Length - (samples.Length % Channels))]);
        if (Channels > 2)
        {
            Reorder(samples[..read]);
        }

        return read;
    }

    public override void Dispose()
    {
        _decoder.Dispose();
        base.Dispose();
    }

    private void Reorder(Span<float> samples)
    {
        var order = VorbisChannels.Order(Channels);
        Span<float> frame = stackalloc float[Channels];
        for (var offset = 0; offset < samples.Length; offset += Channels)
        {
            samples.Slice(offset, Channels).CopyTo(frame);
            for (var channel = 0; channel < Channels; channel++)
            {
                samples[offset + channel] = frame[order[channel]];
            }
        }
    }
}

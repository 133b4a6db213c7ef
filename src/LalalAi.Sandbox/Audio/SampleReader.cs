namespace LalalAi.Sandbox.Audio;

/// <summary>Decodes compressed audio from its start to its end.</summary>
internal abstract class SampleReader(int sampleRate, int channels, long frames) : IDisposable
{
    /// <summary>Frames per second.</summary>
    public int SampleRate => sampleRate;

    /// <summary>Samples per frame.</summary>
    public int Channels => channels;

    /// <summary>The number of frames, determined without decoding them.</summary>
    public long Frames => frames;

    /// <summary>Decodes the next samples, interleaved, from -1 to 1.</summary>
    /// <returns>The number of samples, in whole frames; 0 at the end.</returns>
    public abstract int Read(Span<float> samples);

    public virtual void Dispose()
    {
    }
}

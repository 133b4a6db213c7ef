namespace LalalAi.Sandbox.Audio;

/// <summary>Decodes compressed audio from its start to its end.</summary>
internal abstract class SampleReader(int sampleRate, int channels, long frames) : IDisposable
{
    /// <summary>Frames per second.</summary>
    public int SampleRate => sampleRate;

    /// <summary>Samples per frame.</summary>
    public int Channels => channels;

    /// <summary>How many frames there are, found without decoding them.</summary>
    public long Frames => frames;

    /// <summary>Decodes the next samples, interleaved, from -1 to 1.</summary>
    /// <returns>How many samples were decoded: whole frames; 0 at the end.</returns>
    public abstract int Read(Span<float> samples);

    public virtual void Dispose()
    {
    }
}

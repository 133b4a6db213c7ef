namespace LalalAi.Sandbox.Audio;

/// <summary>
/// How samples are written, and how one is divided in two that add up to it again. A <see cref="double"/> holds every 32-bit integer and
/// every 32-bit float exactly, so it is the common currency.
/// </summary>
internal abstract class SampleFormat
{
    /// <summary>Bytes per sample of one channel.</summary>
    public abstract int Width { get; }

    /// <summary>The value that a full-scale sample has.</summary>
    public abstract double FullScale { get; }

    /// <summary>Reads one channel out of interleaved bytes.</summary>
    /// <param name="bytes">Whole frames, from the channel's first sample on.</param>
    /// <param name="stride">Bytes from one sample of the channel to the next.</param>
    /// <param name="samples">Filled to its end.</param>
    public abstract void Read(ReadOnlySpan<byte> bytes, int stride, Span<double> samples);

    /// <summary>Writes one channel among interleaved bytes; the counterpart of <see cref="Read"/>.</summary>
    public abstract void Write(Span<byte> bytes, int stride, ReadOnlySpan<double> samples);

    /// <summary>Moves a stem out of what is left of the source, sample by sample, so that both parts can be written without loss.</summary>
    /// <param name="wanted">What a filter would like to take; replaced by the nearest that can be taken.</param>
    /// <param name="remainder">What is left after the stems before; reduced by what is taken.</param>
    /// <param name="source">The source's samples.</param>
    public abstract void Take(Span<double> wanted, Span<double> remainder, ReadOnlySpan<double> source);

    /// <summary>The value nearest to <paramref name="wanted"/> that can be written.</summary>
    public abstract double Fit(double wanted);
}

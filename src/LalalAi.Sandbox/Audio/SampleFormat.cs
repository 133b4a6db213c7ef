namespace LalalAi.Sandbox.Audio;

/// <summary>
/// A format of samples: how to read and write them, and how to split a sample into two that add up to it. The common type is
/// <see cref="double"/>, because it represents every 32-bit integer and every 32-bit float exactly.
/// </summary>
internal abstract class SampleFormat
{
    /// <summary>Bytes per sample of one channel.</summary>
    public abstract int Width { get; }

    /// <summary>The value of a full-scale sample.</summary>
    public abstract double FullScale { get; }

    /// <summary>Reads one channel from interleaved bytes.</summary>
    /// <param name="bytes">Whole frames, from the channel's first sample on.</param>
    /// <param name="stride">Bytes from one sample of the channel to the next.</param>
    /// <param name="samples">Filled to its end.</param>
    public abstract void Read(ReadOnlySpan<byte> bytes, int stride, Span<double> samples);

    /// <summary>Writes one channel among interleaved bytes; the counterpart of <see cref="Read"/>.</summary>
    public abstract void Write(Span<byte> bytes, int stride, ReadOnlySpan<double> samples);

    /// <summary>Moves a stem from the remainder of the source, sample by sample, so that both parts can be written without loss.</summary>
    /// <param name="wanted">The output of a filter; replaced by the nearest values that can be moved.</param>
    /// <param name="remainder">The remainder after the previous stems; reduced by the moved values.</param>
    /// <param name="source">The source's samples.</param>
    public abstract void Take(Span<double> wanted, Span<double> remainder, ReadOnlySpan<double> source);

    /// <summary>The value nearest to <paramref name="wanted"/> that can be written.</summary>
    public abstract double Fit(double wanted);
}

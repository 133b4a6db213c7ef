using System.Buffers.Binary;

namespace LalalAi.Sandbox.Audio;

/// <summary>Reads parts of uncompressed audio, and computes its waveform. Memory does not depend on the length of the file.</summary>
internal sealed class PcmReader : IDisposable
{
    private const int SamplesPerBlock = 32 * 1024;

    private readonly FileStream _file;
    private readonly PcmLayout _layout;
    private readonly byte[] _bytes;
    private readonly double[] _samples;
    private readonly int _framesPerBlock;

    private PcmReader(FileStream file, PcmLayout layout)
    {
        (_file, _layout) = (file, layout);
        _framesPerBlock = Math.Max(1, SamplesPerBlock / layout.Channels);
        _samples = new double[_framesPerBlock * layout.Channels];
        _bytes = new byte[_framesPerBlock * layout.BytesPerFrame];
    }

    /// <summary>The location and the format of the samples.</summary>
    public PcmLayout Layout => _layout;

    /// <exception cref="MediaException">The file is damaged.</exception>
    public static PcmReader Open(string path)
    {
        var file = MediaDecoder.Open(path);
        if (MediaDecoder.ReadPcm(file) is (var layout, _))
        {
            return new PcmReader(file, layout);
        }

        file.Dispose();
        throw new MediaException("The file is damaged.");
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Computes the waveform of the whole file.</summary>
    /// <param name="count">The maximum number of columns.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The smallest and the largest sample of each column, over all channels, as signed bytes.</returns>
    public byte[] ComputePeaks(int count, CancellationToken cancellationToken)
    {
        var columns = (int)Math.Min(count, _layout.Frames);
        var peaks = new byte[2 * columns];
        for (var column = 0; column < columns; column++)
        {
            var (least, greatest) = (0.0, 0.0);
            var end = _layout.Frames * (column + 1) / columns;
            for (var frame = _layout.Frames * column / columns; frame < end; frame += _framesPerBlock)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var sample in Read(frame, (int)Math.Min(_framesPerBlock, end - frame)))
                {
                    least = sample < least ? sample : least;
                    greatest = sample > greatest ? sample : greatest;
                }
            }

            peaks[2 * column] = (byte)ToInteger(least, sbyte.MinValue, sbyte.MaxValue);
            peaks[(2 * column) + 1] = (byte)ToInteger(greatest, sbyte.MinValue, sbyte.MaxValue);
        }

        return peaks;
    }

    /// <summary>Reads frames as interleaved little-endian integers of 16 bits.</summary>
    /// <param name="first">The first frame.</param>
    /// <param name="count">How many; fewer are returned at the end of the file.</param>
    public byte[] ReadInt16(long first, int count)
    {
        count = (int)Math.Clamp(_layout.Frames - first, 0, count);
        var result = new byte[count * _layout.Channels * sizeof(short)];
        var left = result.AsSpan();
        for (var frame = first; frame < first + count; frame += _framesPerBlock)
        {
            foreach (var sample in Read(frame, (int)Math.Min(_framesPerBlock, first + count - frame)))
            {
                BinaryPrimitives.WriteInt16LittleEndian(left, (short)ToInteger(sample, short.MinValue, short.MaxValue));
                left = left[sizeof(short)..];
            }
        }

        return result;
    }

    private ReadOnlySpan<double> Read(long frame, int count)
    {
        _file.Position = _layout.DataOffset + (frame * _layout.BytesPerFrame);
        var bytes = _bytes.AsSpan(0, count * _layout.BytesPerFrame);
        _file.ReadExactly(bytes);
        _layout.FixOrder(bytes);
        var samples = _samples.AsSpan(0, count * _layout.Channels);
        _layout.Samples.Read(bytes, _layout.Samples.Width, samples);
        return samples;
    }

    // NaN counts as silence.
    private int ToInteger(double sample, int lowest, int highest) =>
        double.IsNaN(sample) ? 0 : (int)Math.Clamp(Math.Round(sample / _layout.Samples.FullScale * -lowest), lowest, highest);
}

using System.Buffers.Binary;

namespace LalalAi.Sandbox.Audio;

/// <summary>
/// Little-endian floats of 32 or 64 bits. The sum of two floats is exact only if both are multiples of the last
/// bit of the result and not larger than it. Each stem is therefore between zero and the sample, truncated to that bit. The sum is exact in
/// any order, but the stems sound harsher than with integers.
/// </summary>
internal sealed class FloatSamples(int width) : SampleFormat
{
    private readonly int _significantBits = width == sizeof(float) ? 23 : 52;
    private readonly int _smallestExponent = width == sizeof(float) ? -126 : -1022;
    private readonly double _largest = width == sizeof(float) ? float.MaxValue : double.MaxValue;

    public override int Width => width;

    public override double FullScale => 1;

    public override void Read(ReadOnlySpan<byte> bytes, int stride, Span<double> samples)
    {
        for (var index = 0; index < samples.Length; index++)
        {
            var sample = bytes[(index * stride)..];
            samples[index] = width == sizeof(float)
                ? BinaryPrimitives.ReadSingleLittleEndian(sample)
                : BinaryPrimitives.ReadDoubleLittleEndian(sample);
        }
    }

    public override void Write(Span<byte> bytes, int stride, ReadOnlySpan<double> samples)
    {
        for (var index = 0; index < samples.Length; index++)
        {
            var sample = bytes[(index * stride)..];
            if (width == sizeof(float))
            {
                BinaryPrimitives.WriteSingleLittleEndian(sample, (float)samples[index]);
            }
            else
            {
                BinaryPrimitives.WriteDoubleLittleEndian(sample, samples[index]);
            }
        }
    }

    public override void Take(Span<double> wanted, Span<double> remainder, ReadOnlySpan<double> source)
    {
        for (var index = 0; index < wanted.Length; index++)
        {
            wanted[index] = Part(wanted[index], remainder[index], source[index]);
            remainder[index] -= wanted[index];
        }
    }

    public override double Fit(double wanted) => Math.Clamp(wanted, -_largest, _largest);

    private double Part(double wanted, double remainder, double source)
    {
        // Infinity and NaN cannot be split, so they stay in the remainder.
        if (source == 0 || !double.IsFinite(source) || !double.IsFinite(wanted))
        {
            return 0;
        }

        var lastBit = Math.ScaleB(1, Math.Max(Math.ILogB(source), _smallestExponent) - _significantBits);
        var part = remainder > 0 ? Math.Clamp(wanted, 0, remainder) : Math.Clamp(wanted, remainder, 0);
        return Math.Truncate(part / lastBit) * lastBit;
    }
}

using System.Buffers.Binary;

namespace LalalAi.Sandbox.Audio;

/// <summary>
/// Little-endian integers of 1 to 4 bytes. Single bytes are unsigned in WAV files, with silence at 128, and signed in AIFF files.
/// </summary>
internal sealed class IntegerSamples(int width, bool isUnsigned) : SampleFormat
{
    private readonly int _silence = isUnsigned ? 128 : 0;
    private readonly double _lowest = -Math.ScaleB(1, (width * 8) - 1);
    private readonly double _highest = Math.ScaleB(1, (width * 8) - 1) - 1;

    public IntegerSamples(int width)
        : this(width, isUnsigned: width == 1)
    {
    }

    public override int Width => width;

    public override double FullScale => -_lowest;

    public override void Read(ReadOnlySpan<byte> bytes, int stride, Span<double> samples)
    {
        for (var index = 0; index < samples.Length; index++)
        {
            var sample = bytes[(index * stride)..];
            samples[index] = width switch
            {
                1 => isUnsigned ? sample[0] - _silence : (sbyte)sample[0],
                2 => BinaryPrimitives.ReadInt16LittleEndian(sample),
                3 => sample[0] | (sample[1] << 8) | ((sbyte)sample[2] << 16),
                _ => BinaryPrimitives.ReadInt32LittleEndian(sample),
            };
        }
    }

    public override void Write(Span<byte> bytes, int stride, ReadOnlySpan<double> samples)
    {
        for (var index = 0; index < samples.Length; index++)
        {
            var sample = bytes[(index * stride)..];
            var value = (int)samples[index];
            switch (width)
            {
                case 1:
                    sample[0] = (byte)(value + _silence);
                    break;
                case 2:
                    BinaryPrimitives.WriteInt16LittleEndian(sample, (short)value);
                    break;
                case 3:
                    sample[0] = (byte)value;
                    sample[1] = (byte)(value >> 8);
                    sample[2] = (byte)(value >> 16);
                    break;
                default:
                    BinaryPrimitives.WriteInt32LittleEndian(sample, value);
                    break;
            }
        }
    }

    public override void Take(Span<double> wanted, Span<double> remainder, ReadOnlySpan<double> source)
    {
        for (var index = 0; index < wanted.Length; index++)
        {
            // Clamped so that neither the stem nor the remainder clips. Otherwise, they would not add up.
            var rest = remainder[index];
            wanted[index] = Math.Clamp(Math.Round(wanted[index]), Math.Max(_lowest, rest - _highest), Math.Min(_highest, rest - _lowest));
            remainder[index] = rest - wanted[index];
        }
    }

    public override double Fit(double wanted) => Math.Clamp(Math.Round(wanted), _lowest, _highest);
}

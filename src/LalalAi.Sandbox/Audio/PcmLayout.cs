using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LalalAi.Sandbox.Audio;

/// <summary>The location and the format of the samples in an uncompressed file.</summary>
/// <param name="DataOffset">The position of the first sample, in bytes.</param>
/// <param name="DataLength">The length of all samples in bytes: the whole frames that the file contains.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Channels">Samples per frame.</param>
/// <param name="Samples">The format of one sample, in little-endian order.</param>
/// <param name="IsBigEndian">Whether the samples in the file are big-endian.</param>
internal sealed record PcmLayout(long DataOffset, long DataLength, int SampleRate, int Channels, SampleFormat Samples, bool IsBigEndian)
{
    public int BytesPerFrame => Channels * Samples.Width;

    public long Frames => DataLength / BytesPerFrame;

    public double Seconds => (double)Frames / SampleRate;

    /// <summary>Converts bytes of the file to little-endian order, and back.</summary>
    public void FixOrder(Span<byte> bytes)
    {
        if (!IsBigEndian)
        {
            return;
        }

        switch (Samples.Width)
        {
            case 2:
                var words = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 4:
                var doubleWords = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(doubleWords, doubleWords);
                break;
            case 8:
                var quadWords = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(quadWords, quadWords);
                break;
            default:
                for (var sample = 0; sample + Samples.Width <= bytes.Length; sample += Samples.Width)
                {
                    bytes.Slice(sample, Samples.Width).Reverse();
                }

                break;
        }
    }
}

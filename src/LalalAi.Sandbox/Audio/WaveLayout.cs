using System.Buffers.Binary;
using NAudio.Wave;

namespace LalalAi.Sandbox.Audio;

/// <summary>Where in a WAV file the samples are and how they are written.</summary>
/// <param name="DataOffset">The position of the first sample, in bytes.</param>
/// <param name="DataLength">The length of all samples, in bytes: whole frames that are really in the file.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Channels">Samples per frame.</param>
/// <param name="Samples">The format of one sample.</param>
internal sealed record WaveLayout(long DataOffset, long DataLength, int SampleRate, int Channels, SampleFormat Samples)
{
    private const int SubFormatOffset = 6;

    // The last 14 bytes of a sub-format say that the first two are an ordinary format tag.
    private static readonly byte[] WaveSubFormatTail = [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    public int BytesPerFrame => Channels * Samples.Width;

    public long Frames => DataLength / BytesPerFrame;

    public double DurationSeconds => (double)Frames / SampleRate;

    /// <summary>Reads the header.</summary>
    /// <returns>Null for a file that is no WAV, is damaged, is compressed or has samples of an unusual width.</returns>
    public static WaveLayout? TryRead(Stream file)
    {
        try
        {
            // The reader must not be disposed of: it would take the stream with it.
            var reader = new WaveFileReader(file);
            var format = reader.WaveFormat;
            if (format.Channels < 1 || format.SampleRate < 1 || FindSamples(format) is not { } samples)
            {
                return null;
            }

            // A new reader stands at the first sample.
            var length = reader.Length - (reader.Length % format.BlockAlign);
            return length == 0 ? null : new WaveLayout(file.Position, length, format.SampleRate, format.Channels, samples);
        }
        catch (Exception exception)
            when (exception is FormatException or InvalidDataException or EndOfStreamException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static SampleFormat? FindSamples(WaveFormat format)
    {
        if (format.BlockAlign != format.Channels * format.BitsPerSample / 8)
        {
            return null;
        }

        return (Encoding(format), format.BitsPerSample) switch
        {
            (WaveFormatEncoding.Pcm, 8 or 16 or 24 or 32) => new IntegerSamples(format.BitsPerSample / 8),
            (WaveFormatEncoding.IeeeFloat, 32) => new FloatSamples(),
            _ => null,
        };
    }

    private static WaveFormatEncoding Encoding(WaveFormat format)
    {
        if (format.Encoding != WaveFormatEncoding.Extensible || format is not WaveFormatExtraData extra || extra.ExtraSize < SubFormatOffset + 16)
        {
            return format.Encoding;
        }

        var subFormat = extra.ExtraData.AsSpan(SubFormatOffset, 16);
        return subFormat[2..].SequenceEqual(WaveSubFormatTail)
            ? (WaveFormatEncoding)BinaryPrimitives.ReadUInt16LittleEndian(subFormat)
            : WaveFormatEncoding.Extensible;
    }
}

using System.Buffers.Binary;
using NAudio.Wave;

namespace LalalAi.Sandbox.Audio;

/// <summary>The header of a WAV file, including RF64.</summary>
internal static class WaveHeader
{
    private const int SubFormatOffset = 6;

    // With these 14 bytes at the end of a sub-format, the first two bytes are an ordinary format tag.
    private static readonly byte[] WaveSubFormatTail = [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <summary>Finds uncompressed samples.</summary>
    /// <returns>Null for a file that is not a WAV file, is damaged, or is compressed.</returns>
    public static PcmLayout? TryReadPcm(Stream file) =>
        TryRead(file) is { } header && FindSamples(header.Format) is { } samples && header.Length / header.Format.BlockAlign > 0
            ? new PcmLayout(
                header.Offset,
                header.Length - (header.Length % header.Format.BlockAlign),
                header.Format.SampleRate,
                header.Format.Channels,
                samples,
                IsBigEndian: false)
            : null;

    /// <summary>Opens compressed samples.</summary>
    /// <returns>Null for a file that is not a WAV file, is damaged, or is compressed in a way that needs another decoder.</returns>
    public static SampleReader? TryOpenCompressed(Stream file)
    {
        if (TryRead(file) is not { } header)
        {
            return null;
        }

        var format = header.Format;
        var region = new EncodedRegion(file, header.Offset, header.Length, format.SampleRate, format.Channels);
        return Encoding(format) switch
        {
            WaveFormatEncoding.ALaw => new CompandedSamples(region, CompandedSamples.ALaw),
            WaveFormatEncoding.MuLaw => new CompandedSamples(region, CompandedSamples.MuLaw),
            WaveFormatEncoding.DviAdpcm when AdpcmSamples.CanDecode(format) => AdpcmSamples.Ima(region, format.BlockAlign, header.Frames),
            WaveFormatEncoding.Adpcm when AdpcmSamples.CanDecode(format) =>
                AdpcmSamples.Microsoft(region, format.BlockAlign, header.Frames),
            _ => null,
        };
    }

    private static (WaveFormat Format, long Offset, long Length, long? Frames)? TryRead(Stream file)
    {
        try
        {
            // The reader must not be disposed: it would close the stream.
            file.Position = 0;
            var reader = new WaveFileReader(file);
            var format = reader.WaveFormat;

            // A new reader starts at the first sample.
            var offset = file.Position;
            return format.Channels < 1 || format.SampleRate < 1 || format.BlockAlign < 1
                ? null
                : (format, offset, reader.Length, ReadFrames(reader));
        }
        catch (Exception exception)
            when (exception is FormatException or InvalidDataException or EndOfStreamException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    // Compressed files contain the number of frames, because the last block may be padded.
    private static long? ReadFrames(WaveFileReader reader) =>
        reader.Chunks.Find("fact") is { Length: >= 4 and <= 64 } fact && reader.Chunks.GetData(fact) is { Length: >= 4 } data
            ? BinaryPrimitives.ReadUInt32LittleEndian(data)
            : null;

    private static SampleFormat? FindSamples(WaveFormat format)
    {
        var width = format.BlockAlign / format.Channels;
        if (format.BlockAlign % format.Channels != 0 || format.BitsPerSample > width * 8)
        {
            return null;
        }

        return (Encoding(format), width) switch
        {
            (WaveFormatEncoding.Pcm, >= 1 and <= 4) => new IntegerSamples(width),
            (WaveFormatEncoding.IeeeFloat, 4 or 8) => new FloatSamples(width),
            _ => null,
        };
    }

    private static WaveFormatEncoding Encoding(WaveFormat format)
    {
        if (format.Encoding != WaveFormatEncoding.Extensible
            || format is not WaveFormatExtraData extra
            || extra.ExtraSize < SubFormatOffset + 16)
        {
            return format.Encoding;
        }

        var subFormat = extra.ExtraData.AsSpan(SubFormatOffset, 16);
        return subFormat[2..].SequenceEqual(WaveSubFormatTail)
            ? (WaveFormatEncoding)BinaryPrimitives.ReadUInt16LittleEndian(subFormat)
            : WaveFormatEncoding.Extensible;
    }
}

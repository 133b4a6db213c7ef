using System.Buffers.Binary;

namespace LalalAi.Sandbox.Audio;

/// <summary>The header of an AIFF or AIFF-C file.</summary>
internal static class AiffHeader
{
    /// <summary>Finds uncompressed samples.</summary>
    /// <returns>Null for a file that is not an AIFF file, is damaged, or is compressed.</returns>
    public static PcmLayout? TryReadPcm(Stream file)
    {
        if (TryRead(file) is not { } header)
        {
            return null;
        }

        var width = (header.Bits + 7) / 8;
        SampleFormat? samples = header.Compression switch
        {
            "NONE" or "twos" or "sowt" or "in24" or "in32" when width is >= 1 and <= 4 => new IntegerSamples(width, isUnsigned: false),
            "raw " when width == 1 => new IntegerSamples(width),
            "fl32" or "FL32" => new FloatSamples(4),
            "fl64" or "FL64" => new FloatSamples(8),
            _ => null,
        };
        var bytesPerFrame = samples?.Width * header.Channels;
        var length = Math.Min(header.Length, header.Frames * bytesPerFrame ?? 0);
        return samples is null || length < bytesPerFrame
            ? null
            : new PcmLayout(
                header.Offset,
                length - (length % bytesPerFrame!.Value),
                header.SampleRate,
                header.Channels,
                samples,
                IsBigEndian: header.Compression != "sowt");
    }

    /// <summary>Opens compressed samples.</summary>
    /// <returns>Null for a file that is not an AIFF file, is damaged, or is compressed in a way that needs another decoder.</returns>
    public static SampleReader? TryOpenCompressed(Stream file) =>
        TryRead(file) is not { } header ? null
        : header.Compression.ToUpperInvariant() switch
        {
            "ALAW" => new CompandedSamples(
                new EncodedRegion(file, header.Offset, header.Length, header.SampleRate, header.Channels), CompandedSamples.ALaw),
            "ULAW" => new CompandedSamples(
                new EncodedRegion(file, header.Offset, header.Length, header.SampleRate, header.Channels), CompandedSamples.MuLaw),
            _ => null,
        };

    private static Header? TryRead(Stream file)
    {
        var form = new byte[12];
        file.Position = 0;
        if (file.ReadAtLeast(form, form.Length, throwOnEndOfStream: false) < form.Length
            || !form.AsSpan().StartsWith("FORM"u8)
            || !(form.AsSpan(8).SequenceEqual("AIFF"u8) || form.AsSpan(8).SequenceEqual("AIFC"u8)))
        {
            return null;
        }

        byte[]? common = null;
        var chunk = new byte[8];
        while (file.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length)
        {
            var length = (long)BinaryPrimitives.ReadUInt32BigEndian(chunk.AsSpan(4));
            var next = file.Position + length + (length & 1);
            if (chunk.AsSpan().StartsWith("COMM"u8) && length is >= 18 and <= 512)
            {
                common = new byte[length];
                file.ReadAtLeast(common, common.Length, throwOnEndOfStream: false);
            }
            else if (chunk.AsSpan().StartsWith("SSND"u8) && common is not null)
            {
                file.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
                var offset = file.Position + BinaryPrimitives.ReadUInt32BigEndian(chunk);
                return Parse(common, offset, Math.Min(next - (length & 1), file.Length) - offset);
            }

            file.Position = next;
        }

        return null;
    }

    private static Header? Parse(byte[] common, long offset, long length)
    {
        var channels = BinaryPrimitives.ReadInt16BigEndian(common);
        var frames = BinaryPrimitives.ReadUInt32BigEndian(common.AsSpan(2));
        var bits = BinaryPrimitives.ReadInt16BigEndian(common.AsSpan(6));

        // An 80-bit float: a sign and exponent, and a mantissa with an explicit leading 1.
        var exponent = (BinaryPrimitives.ReadUInt16BigEndian(common.AsSpan(8)) & 0x7FFF) - 16383 - 63;
        var rate = Math.ScaleB(BinaryPrimitives.ReadUInt64BigEndian(common.AsSpan(10)), exponent);
        var compression = common.Length >= 22 ? System.Text.Encoding.Latin1.GetString(common, 18, 4) : "NONE";
        return channels < 1 || bits < 1 || length <= 0 || !(rate is >= 1 and <= 10_000_000)
            ? null
            : new Header(channels, frames, bits, (int)Math.Round(rate), compression, offset, length);
    }

    private sealed record Header(int Channels, long Frames, int Bits, int SampleRate, string Compression, long Offset, long Length);
}

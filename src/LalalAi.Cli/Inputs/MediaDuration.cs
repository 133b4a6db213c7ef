using System.Buffers.Binary;
using FFMpegCore;
using MetadataExtractor.Formats.QuickTime;
using NAudio.Wave;
using NLayer;
using NVorbis;

namespace LalalAi.Cli.Inputs;

/// <summary>
/// The playing time of a file, for a price before the upload: from the file's structure, not from its name, and from ffprobe for
/// other formats if that is installed. An unknown duration is <see langword="null"/>, never zero.
/// </summary>
internal static class MediaDuration
{
    private const int HeadLength = 12;

    /// <summary>
    /// Returns the playing time as the service charges it, in minutes of whole seconds, or <see langword="null"/> if it is not known.
    /// </summary>
    public static double? TryReadMinutes(string path) =>
        TryRead(path) is { } duration ? Math.Ceiling(Math.Round(duration.TotalSeconds, 3)) / 60 : null;

    /// <summary>Returns the playing time, or <see langword="null"/> if it is not known.</summary>
    public static TimeSpan? TryRead(string path)
    {
        var duration = TryReadHeaders(path) ?? TryProbe(path);
        return duration > TimeSpan.Zero ? duration : null;
    }

    private static TimeSpan? TryReadHeaders(string path)
    {
        try
        {
            return Read(path);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The decoders throw exceptions of various types for damaged files. The service decides whether it can process them.
            return null;
        }
    }

    private static TimeSpan? TryProbe(string path)
    {
        try
        {
            return FFProbe.Analyse(path).Duration;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // ffprobe is not installed, or does not support the format.
            return null;
        }
    }

    private static TimeSpan? Read(string path)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        using (var file = File.OpenRead(path))
        {
            if (file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false) < HeadLength)
            {
                return null;
            }
        }

        return head switch
        {
            _ when head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) || head.StartsWith("BW64"u8) =>
                head[8..].SequenceEqual("WAVE"u8) ? ReadWave(path) : null,
            _ when head.StartsWith("FORM"u8) => ReadAiff(path),
            _ when head.StartsWith("fLaC"u8) => ReadFlac(path),
            _ when head.StartsWith("OggS"u8) => ReadOgg(path),
            _ when head[4..].StartsWith("ftyp"u8) => ReadQuickTime(path),
            _ when head.StartsWith("ID3"u8) || (head[0] == 0xFF && (head[1] & 0xE6) == 0xE2) => ReadMp3(path),
            _ => null,
        };
    }

    private static TimeSpan? ReadWave(string path)
    {
        using var reader = new WaveFileReader(path);
        if (reader.WaveFormat.Encoding is not (WaveFormatEncoding.Pcm or WaveFormatEncoding.IeeeFloat or WaveFormatEncoding.Extensible
            or WaveFormatEncoding.ALaw or WaveFormatEncoding.MuLaw))
        {
            // The average bit rate in the header of a compressed file is an estimate.
            return null;
        }

        // A file that was not closed, or was written to a pipe, has a length of zero. Its size is then used.
        var length = reader.Length > 0 ? reader.Length : new FileInfo(path).Length - reader.Position - HeadLength;
        return reader.WaveFormat.AverageBytesPerSecond > 0
            ? TimeSpan.FromSeconds((double)length / reader.WaveFormat.AverageBytesPerSecond)
            : null;
    }

    private static TimeSpan ReadAiff(string path)
    {
        using var reader = new AiffFileReader(path);
        return reader.TotalTime;
    }

    /// <summary>
    /// Reads the STREAMINFO block, which comes first in every FLAC file: 20 bits of sample rate, 3 of channels, 5 of width, 36 of samples.
    /// </summary>
    private static TimeSpan? ReadFlac(string path)
    {
        Span<byte> head = stackalloc byte[26];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || (head[4] & 0x7F) != 0)
        {
            return null;
        }

        var packed = BinaryPrimitives.ReadUInt64BigEndian(head[18..]);
        var rate = packed >> 44;
        var samples = packed & 0xF_FFFF_FFFF;
        return rate > 0 && samples > 0 ? TimeSpan.FromSeconds((double)samples / rate) : null;
    }

    private static TimeSpan? ReadOgg(string path)
    {
        Span<byte> head = stackalloc byte[64];
        using var file = File.OpenRead(path);
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var opus = head[..read].IndexOf("OpusHead"u8);
        if (opus < 0)
        {
            using var vorbis = new VorbisReader(path);
            return vorbis.TotalTime;
        }

        // The last page counts samples of 48 kHz, with those that the decoder skips.
        var skipped = BinaryPrimitives.ReadUInt16LittleEndian(head[(opus + 10)..]);
        return LastGranule(file) is { } samples && samples > skipped ? TimeSpan.FromSeconds((samples - skipped) / 48_000.0) : null;
    }

    private static long? LastGranule(FileStream file)
    {
        // A page has up to 65,307 bytes.
        var tail = new byte[Math.Min(file.Length, 2 * 65_307)];
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var page = tail.AsSpan().LastIndexOf("OggS"u8);
        return page >= 0 && page + 14 <= tail.Length ? BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(page + 6)) : null;
    }

    private static TimeSpan? ReadQuickTime(string path)
    {
        using var file = File.OpenRead(path);
        return QuickTimeMetadataReader.ReadMetadata(file).OfType<QuickTimeMovieHeaderDirectory>()
            .Select(header => header.GetObject(QuickTimeMovieHeaderDirectory.TagDuration) as TimeSpan?)
            .FirstOrDefault(duration => duration is not null);
    }

    private static TimeSpan ReadMp3(string path)
    {
        using var file = new MpegFile(path);
        return file.Duration;
    }
}

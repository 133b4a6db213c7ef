using System.Buffers.Binary;
using NAudio.Wave;

namespace LalalAi.Cli.Inputs;

/// <summary>The playing time of a file as its header tells it, for the formats whose header does: WAV, AIFF and FLAC. Of others it is known when the service has seen them.</summary>
internal static class MediaDuration
{
    /// <summary>Returns the playing time as the service charges it, in minutes of whole seconds, or <see langword="null"/> if it is not known.</summary>
    public static double? TryReadMinutes(string path) => TryRead(path) is { } duration ? Math.Ceiling(duration.TotalSeconds) / 60 : null;

    /// <summary>Returns the playing time, or <see langword="null"/> when the header does not tell it.</summary>
    public static TimeSpan? TryRead(string path)
    {
        try
        {
            return Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".WAV" => ReadWave(path),
                ".AIF" or ".AIFF" => ReadAiff(path),
                ".FLAC" => ReadFlac(path),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is FormatException or IOException or InvalidDataException or ArgumentException or NotSupportedException or ArithmeticException)
        {
            // A file that is not what its name says; what it is, the service has to find out.
            return null;
        }
    }

    private static TimeSpan ReadWave(string path)
    {
        using var reader = new WaveFileReader(path);
        return reader.TotalTime;
    }

    private static TimeSpan ReadAiff(string path)
    {
        using var reader = new AiffFileReader(path);
        return reader.TotalTime;
    }

    /// <summary>Reads the STREAMINFO block, which comes first in every FLAC file: 20 bits of sample rate, 3 of channels, 5 of width, 36 of samples.</summary>
    private static TimeSpan? ReadFlac(string path)
    {
        Span<byte> head = stackalloc byte[26];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.StartsWith("fLaC"u8) || (head[4] & 0x7F) != 0)
        {
            return null;
        }

        var packed = BinaryPrimitives.ReadUInt64BigEndian(head[18..]);
        var rate = packed >> 44;
        var samples = packed & 0xF_FFFF_FFFF;
        return rate > 0 && samples > 0 ? TimeSpan.FromSeconds((double)samples / rate) : null;
    }
}

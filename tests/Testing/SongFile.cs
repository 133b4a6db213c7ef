using System.Buffers.Binary;

namespace LalalAi.Testing;

/// <summary>A short song on disk, 16-bit stereo, and what its samples are.</summary>
public static class SongFile
{
    private const int HeaderLength = 44;
    private const int SampleRate = 44_100;

    public static string Write(string directory, string name = "song.wav", double seconds = 1.5)
    {
        var samples = new byte[(int)(seconds * SampleRate) * 4];
        for (var frame = 0; frame < samples.Length / 4; frame++)
        {
            var time = (double)frame / SampleRate;
            var value = (0.4 * Math.Sin(2 * Math.PI * 90 * time)) + (0.3 * Math.Sin(2 * Math.PI * 700 * time)) + (0.2 * Math.Sin(2 * Math.PI * 5000 * time));
            BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan(frame * 4), (short)(value * 30000));
            BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan((frame * 4) + 2), (short)(value * 20000));
        }

        var path = Path.Combine(directory, name);
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write("RIFF"u8);
        writer.Write(HeaderLength - 8 + samples.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)2);
        writer.Write(SampleRate);
        writer.Write(SampleRate * 4);
        writer.Write((short)4);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Length);
        writer.Write(samples);
        return path;
    }

    /// <summary>Reads the samples of a file that has the plain header of 44 bytes.</summary>
    public static int[] Samples(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan(HeaderLength);
        var samples = new int[bytes.Length / 2];
        for (var index = 0; index < samples.Length; index++)
        {
            samples[index] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(index * 2)..]);
        }

        return samples;
    }
}

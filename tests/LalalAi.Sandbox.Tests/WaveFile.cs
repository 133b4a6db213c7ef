using System.Buffers.Binary;

namespace LalalAi.Sandbox.Tests;

/// <summary>Writes and reads WAV files byte by byte, with nothing in common with the sandbox's own code.</summary>
internal sealed record WaveFile(int Channels, int Bits, bool IsFloat, bool IsExtensible, byte[] Samples)
{
    public const int SampleRate = 44_100;

    public int Width => Bits / 8;

    /// <summary>Noise over the full range, with the extreme values among it.</summary>
    public static WaveFile Noise(int channels, int bits, double seconds = 0.25, bool isFloat = false, bool isExtensible = false)
    {
        var random = new Random(channels * 1000 + bits);
        var samples = new byte[(int)(seconds * SampleRate) * channels * bits / 8];
        if (isFloat)
        {
            for (var offset = 0; offset < samples.Length; offset += 4)
            {
                // Quiet and loud, so that exponents differ from sample to sample.
                var value = (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-20, 2)));
                BinaryPrimitives.WriteSingleLittleEndian(samples.AsSpan(offset), value);
            }
        }
        else
        {
            random.NextBytes(samples);
            var lowest = new byte[bits / 8];
            var highest = Enumerable.Repeat((byte)0xFF, bits / 8).ToArray();
            lowest[^1] = (byte)(bits == 8 ? 0 : 0x80);
            highest[^1] = (byte)(bits == 8 ? 0xFF : 0x7F);
            for (var frame = 0; frame < 40; frame++)
            {
                (frame % 3 == 0 ? lowest : highest).CopyTo(samples, frame * channels * bits / 8);
            }
        }

        return new WaveFile(channels, bits, isFloat, isExtensible, samples);
    }

    /// <summary>A second of a sine wave at half of full scale, 16-bit mono.</summary>
    public static WaveFile Tone(double hertz)
    {
        var samples = new byte[SampleRate * 2];
        for (var frame = 0; frame < SampleRate; frame++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan(frame * 2), (short)(16384 * Math.Sin(2 * Math.PI * hertz * frame / SampleRate)));
        }

        return new WaveFile(1, 16, false, false, samples);
    }

    public byte[] ToBytes()
    {
        var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        var tag = (ushort)(IsFloat ? 3 : 1);
        var formatLength = IsExtensible ? 40 : 16;
        writer.Write("RIFF"u8);
        writer.Write(4 + 8 + formatLength + 8 + 4 + 8 + Samples.Length);
        writer.Write("WAVE"u8);

        // A chunk before the samples: their offset is not always 44.
        writer.Write("LIST"u8);
        writer.Write(4);
        writer.Write("INFO"u8);
        writer.Write("fmt "u8);
        writer.Write(formatLength);
        writer.Write(IsExtensible ? (ushort)0xFFFE : tag);
        writer.Write((ushort)Channels);
        writer.Write(SampleRate);
        writer.Write(SampleRate * Channels * Width);
        writer.Write((ushort)(Channels * Width));
        writer.Write((ushort)Bits);
        if (IsExtensible)
        {
            writer.Write((ushort)22);
            writer.Write((ushort)Bits);
            writer.Write(0);
            writer.Write(tag);
            writer.Write([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
        }

        writer.Write("data"u8);
        writer.Write(Samples.Length);
        writer.Write(Samples);
        return file.ToArray();
    }

    /// <summary>The samples of a file that has the same header as this one.</summary>
    public double[] Decode(byte[] file)
    {
        var header = ToBytes().AsSpan(0, ToBytes().Length - Samples.Length);
        Assert.That(file.AsSpan(0, header.Length).ToArray(), Is.EqualTo(header.ToArray()), "the track's header");
        return DecodeSamples(file[header.Length..]);
    }

    public double[] DecodeSamples(byte[] bytes) => [.. bytes.Chunk(Width).Select(sample => DecodeSample(sample))];

    private double DecodeSample(ReadOnlySpan<byte> bytes) => (Bits, IsFloat) switch
    {
        (8, _) => (double)(bytes[0] - 128),
        (16, _) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        (24, _) => (bytes[0] << 8 | bytes[1] << 16 | bytes[2] << 24) >> 8,
        (32, true) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes),
    };
}

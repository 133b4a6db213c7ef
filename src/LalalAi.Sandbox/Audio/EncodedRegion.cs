namespace LalalAi.Sandbox.Audio;

/// <summary>Compressed samples in a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">The position of the first byte.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Channels">Samples per frame.</param>
internal sealed record EncodedRegion(Stream File, long Offset, long Length, int SampleRate, int Channels)
{
    private long _read;

    /// <summary>Reads the next bytes.</summary>
    /// <returns>The number of bytes. Less than the length of the buffer only at the end.</returns>
    public int Read(Span<byte> bytes)
    {
        File.Position = Offset + _read;
        var wanted = bytes[..(int)Math.Min(bytes.Length, Length - _read)];
        var read = File.ReadAtLeast(wanted, wanted.Length, throwOnEndOfStream: false);
        _read += read;
        return read;
    }
}

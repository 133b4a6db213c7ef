using NAudio.Wave;

namespace LalalAi.Sandbox.Audio;

/// <summary>
/// Detects the format of a file and decodes it. Managed decoders support WAV, AIFF, MP3, Ogg Vorbis and Opus. If ffmpeg is available, it
/// decodes all compressed formats, because NLayer decodes some short blocks incorrectly, and decoders of Opus differ.
/// </summary>
internal sealed class MediaDecoder(Ffmpeg? ffmpeg)
{
    private const string Install = "Install ffmpeg and put it on the PATH, or send WAV, AIFF, MP3, Ogg Vorbis or Opus.";

    // The size limit of a WAV file without 64-bit lengths.
    private const long MaxDecodedBytes = uint.MaxValue - 1024;

    // For tests with content that is not media.
    private const string PassThrough = "Tests with other content can set SandboxOptions.UndecodableContent to PassThrough.";

    private static readonly (int Offset, byte[] Bytes, string Name)[] Signatures =
    [
        (0, "fLaC"u8.ToArray(), "FLAC"),
        (4, "ftyp"u8.ToArray(), "MP4"),
        (0, [0x1A, 0x45, 0xDF, 0xA3], "Matroska"),
        (0, [0x30, 0x26, 0xB2, 0x75], "WMA or WMV"),
        (8, "AVI "u8.ToArray(), "AVI"),
        (8, "WAVE"u8.ToArray(), "this form of WAV"),
        (8, "AIFC"u8.ToArray(), "this form of AIFF"),
        (0, "OggS"u8.ToArray(), "this form of Ogg"),
        (0, "FLV"u8.ToArray(), "FLV"),
        (0, "wvpk"u8.ToArray(), "WavPack"),
        (0, "#!AMR"u8.ToArray(), "AMR"),
        (0, "caff"u8.ToArray(), "CAF"),
        (0, ".snd"u8.ToArray(), "AU"),
        (0, [0x0B, 0x77], "AC-3"),
        (0, [0x00, 0x00, 0x01, 0xBA], "MPEG video"),
        (0, [0xFF, 0xF1], "AAC"),
        (0, [0xFF, 0xF9], "AAC"),
        (188, [0x47], "MPEG-TS"),
    ];

    /// <summary>Detects the format of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wavPath">The path for the decoded audio, if the file must be decoded to determine its duration.</param>
    /// <param name="onlyKnown">Whether to skip ffmpeg for content without a known signature.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<Media> ProbeAsync(string path, string wavPath, bool onlyKnown, CancellationToken cancellationToken)
    {
        var file = Open(path);
        string? name;
        await using (file.ConfigureAwait(false))
        {
            if (ReadPcm(file) is (var pcm, var uncompressed))
            {
                return new Media(uncompressed.Name, pcm.Seconds, Decoder.Pcm);
            }

            if (TryOpen(file) is (var reader, var format))
            {
                using (reader)
                {
                    return reader.Frames * reader.Channels * sizeof(short) > MaxDecodedBytes
                        ? Media.Undecodable("The audio is longer than the sandbox decodes: 4 GB.")
                        : new Media(format.Name, (double)reader.Frames / reader.SampleRate, Decoder.Managed);
                }
            }

            name = FindSignature(file);
        }

        if (ffmpeg is null)
        {
            return Media.Undecodable(name is null
                ? $"The file is not audio that the sandbox can decode. {Install} {PassThrough}"
                : $"The sandbox cannot decode {name} without ffmpeg. {Install}");
        }

        try
        {
            return name is not null || !onlyKnown
                ? await ProbeWithFfmpegAsync(ffmpeg, path, wavPath, cancellationToken).ConfigureAwait(false)
                : NoMedia(null);
        }
        catch (MediaException exception)
        {
            return NoMedia(exception.Message);
        }
    }

    /// <summary>Decodes a file into a WAV file, unless it exists already.</summary>
    /// <exception cref="MediaException">The file is damaged.</exception>
    public async Task DecodeAsync(Media media, string path, string wavPath, CancellationToken cancellationToken)
    {
        if (File.Exists(wavPath))
        {
            return;
        }

        var unfinished = wavPath + ".part";
        try
        {
            switch (media.Decoder)
            {
                case Decoder.Ffmpeg when ffmpeg is null:
                    throw new MediaException($"The sandbox cannot decode {media.FormatName} without ffmpeg. {Install}");
                case Decoder.Ffmpeg or Decoder.Managed when ffmpeg is not null:
                    await ffmpeg.DecodeAsync(path, unfinished, media.PcmCodec ?? "pcm_s16le", cancellationToken).ConfigureAwait(false);
                    break;
                case Decoder.Managed:
                    Decode(path, unfinished, cancellationToken);
                    break;
                default:
                    RewriteAsWave(path, unfinished, cancellationToken);
                    break;
            }

            File.Move(unfinished, wavPath);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>The location of the samples in an uncompressed file.</summary>
    public static (PcmLayout Layout, MediaFormat Format)? ReadPcm(Stream file) =>
        WaveHeader.TryReadPcm(file) is { } wave ? (wave, MediaFormat.Wav)
        : AiffHeader.TryReadPcm(file) is { } aiff ? (aiff, MediaFormat.Aiff)
        : null;

    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 64 * 1024);

    private static Media NoMedia(string? reason) =>
        Media.Undecodable(string.Join(
            ' ',
            new[] { "The file is neither audio nor video that the sandbox can decode.", reason, PassThrough }.OfType<string>()));

    private static (SampleReader Reader, MediaFormat Format)? TryOpen(FileStream file)
    {
        try
        {
            if (WaveHeader.TryOpenCompressed(file) is { } wave)
            {
                return (wave, MediaFormat.Wav);
            }

            if (AiffHeader.TryOpenCompressed(file) is { } aiff)
            {
                return (aiff, MediaFormat.Aiff);
            }

            Span<byte> head = stackalloc byte[4];
            file.Position = 0;
            var isOgg = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && OggStream.IsOgg(head);
            file.Position = 0;
            if (!isOgg)
            {
                // Containers can contain frames of MP3 too.
                return FindSignature(file) is null && Mp3Reader.TryOpen(file) is { } mp3 ? (mp3, MediaFormat.Mp3) : null;
            }

            var first = new OggStream(file).ReadPacket() ?? [];
            file.Position = 0;
            return OpusSamples.IsHead(first) ? (OpusSamples.Open(file), MediaFormat.Opus)
                : first.AsSpan().StartsWith("\x01vorbis"u8) ? (VorbisSamples.Open(file), MediaFormat.OggVorbis)
                : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The decoders throw exceptions of various types for damaged files.
            return null;
        }
    }

    private static string? FindSignature(FileStream file)
    {
        var head = new byte[512];
        file.Position = 0;
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return Signatures.FirstOrDefault(signature =>
            signature.Offset + signature.Bytes.Length <= length && head.AsSpan(signature.Offset).StartsWith(signature.Bytes)
            && (signature.Offset != 188 || head[0] == 0x47)).Name;
    }

    private static void Decode(string path, string wavPath, CancellationToken cancellationToken)
    {
        using var file = Open(path);
        if (TryOpen(file) is not (var reader, _))
        {
            throw new MediaException("The file is damaged.");
        }

        using (reader)
        using (var writer = new WaveFileWriter(wavPath, new WaveFormat(reader.SampleRate, 16, reader.Channels)))
        {
            try
            {
                Copy(reader, writer, cancellationToken);
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or IOException))
            {
                throw new MediaException($"The file is damaged: {exception.Message}", exception);
            }
        }
    }

    private static void Copy(SampleReader reader, WaveFileWriter writer, CancellationToken cancellationToken)
    {
        var samples = new float[16 * 1024 * reader.Channels];
        var rounded = new short[samples.Length];
        var left = reader.Frames * reader.Channels;
        int read;
        while (left > 0 && (read = (int)Math.Min(left, reader.Read(samples))) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var index = 0; index < read; index++)
            {
                rounded[index] = (short)Math.Clamp(MathF.Round(samples[index] * 32768f), short.MinValue, short.MaxValue);
            }

            writer.WriteSamples(rounded, 0, read);
            left -= read;
        }
    }

    /// <summary>Copies uncompressed samples, without rounding, into a WAV file.</summary>
    private static void RewriteAsWave(string path, string wavPath, CancellationToken cancellationToken)
    {
        using var file = Open(path);
        if (ReadPcm(file) is not (var pcm, _))
        {
            throw new MediaException("The file is damaged.");
        }

        var isFloat = pcm.Samples is FloatSamples;
        var format = isFloat
            ? WaveFormat.CreateCustomFormat(
                WaveFormatEncoding.IeeeFloat,
                pcm.SampleRate,
                pcm.Channels,
                pcm.SampleRate * pcm.BytesPerFrame,
                pcm.BytesPerFrame,
                pcm.Samples.Width * 8)
            : new WaveFormat(pcm.SampleRate, pcm.Samples.Width * 8, pcm.Channels);
        using var writer = new WaveFileWriter(wavPath, format);
        SampleFormat target = isFloat ? pcm.Samples : new IntegerSamples(pcm.Samples.Width);
        var buffer = new byte[16 * 1024 * pcm.BytesPerFrame];
        var samples = new double[buffer.Length / pcm.Samples.Width];
        file.Position = pcm.DataOffset;
        for (var left = pcm.DataLength; left > 0; left -= buffer.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            file.ReadExactly(block);
            pcm.FixOrder(block);
            var values = samples.AsSpan(0, block.Length / pcm.Samples.Width);
            pcm.Samples.Read(block, pcm.Samples.Width, values);
            target.Write(block, pcm.Samples.Width, values);
            writer.Write(block);
        }
    }

    private async Task<Media> ProbeWithFfmpegAsync(Ffmpeg program, string path, string wavPath, CancellationToken cancellationToken)
    {
        if (await program.ProbeAsync(path, cancellationToken).ConfigureAwait(false) is not { } media)
        {
            return NoMedia("ffmpeg finds no audio in it.");
        }

        // The exact duration is known only after decoding, as is whether the file can be decoded.
        await DecodeAsync(media, path, wavPath, cancellationToken).ConfigureAwait(false);
        var file = Open(wavPath);
        await using (file.ConfigureAwait(false))
        {
            return WaveHeader.TryReadPcm(file) is { } pcm
                ? media with { Seconds = pcm.Seconds }
                : NoMedia("ffmpeg decodes no audio from it.");
        }
    }
}

using FFMpegCore;
using FFMpegCore.Enums;
using FFMpegCore.Exceptions;
using Instances.Exceptions;

namespace LalalAi.Sandbox.Audio;

/// <summary>The ffmpeg and ffprobe on the PATH.</summary>
internal sealed class Ffmpeg
{
    /// <summary>The limit for decoded audio, because a small file can contain days of silence.</summary>
    private const long MaxDecodedBytes = 16L << 30;

    // Without playlists and similar formats, which make ffmpeg open other files and URLs.
    private const string Input =
        "-protocol_whitelist file -format_whitelist aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,eac3,flac,flv,matroska,webm,"
        + "mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,ogg,tak,tta,voc,w64,wav,wv";

    // More processes than processors only slow each other down.
    private static readonly SemaphoreSlim Processes = new(Environment.ProcessorCount);

    private readonly FFOptions _options;

    private Ffmpeg(string folder) => _options = new FFOptions { BinaryFolder = folder, LogLevel = FFMpegLogLevel.Error };

    /// <summary>Finds both programs in one folder of the PATH.</summary>
    public static Ffmpeg? Find()
    {
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        bool Has(string folder, string program) => File.Exists(Path.Combine(folder, program + suffix));
        return folders.FirstOrDefault(folder => Has(folder, "ffmpeg") && Has(folder, "ffprobe")) is { } found ? new Ffmpeg(found) : null;
    }

    /// <summary>Probes a file.</summary>
    /// <returns>The media, without its duration; null when ffmpeg finds no audio.</returns>
    public async Task<Media?> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        var analysis = await RunAsync(
            () => FFProbe.AnalyseAsync(path, _options, Input, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (analysis.PrimaryAudioStream is not { CodecName: { Length: > 0 } codec } audio)
        {
            return null;
        }

        // Cover art is not a video.
        var video = analysis.VideoStreams.FirstOrDefault(stream => stream.Disposition?.GetValueOrDefault("attached_pic") != true);
        var format = MediaFormat.Of(
            analysis.Format.FormatName, codec, video?.CodecName, analysis.Format.Tags?.GetValueOrDefault("major_brand"));
        return new Media(format.Name, 0, Decoder.Ffmpeg) { PcmCodec = ChoosePcm(codec, audio.BitDepth), HasVideo = video is not null };
    }

    /// <summary>Decodes the audio of a file into a WAV file.</summary>
    public async Task DecodeAsync(string path, string wavPath, string pcmCodec, CancellationToken cancellationToken)
    {
        await RunAsync(
            FFMpegArguments
                .FromFileInput(path, verifyExists: false, input => input.WithCustomArgument(Input))
                .OutputToFile(wavPath, overwrite: true, output => output.WithCustomArgument(
                    $"-map 0:a:0 -vn -sn -dn -c:a {pcmCodec} -rf64 auto -fs {MaxDecodedBytes} -f wav")),
            cancellationToken).ConfigureAwait(false);
        if (new FileInfo(wavPath).Length >= MaxDecodedBytes)
        {
            throw new MediaException($"The audio is longer than the sandbox decodes: {MaxDecodedBytes >> 30} GB.");
        }
    }

    /// <summary>Encodes a WAV file.</summary>
    /// <param name="wavPath">The WAV file.</param>
    /// <param name="videoPath">The file to take the video from; null for none.</param>
    /// <param name="encoding">The format, as arguments.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="cancellationToken">Stops encoding.</param>
    public Task EncodeAsync(string wavPath, string? videoPath, string encoding, string path, CancellationToken cancellationToken)
    {
        var arguments = FFMpegArguments.FromFileInput(wavPath, verifyExists: false);
        var maps = "-map 0:a:0";
        if (videoPath is not null)
        {
            arguments = arguments.AddFileInput(videoPath, verifyExists: false, input => input.WithCustomArgument(Input));
            maps = "-map 1:V:0 -map 0:a:0 -c:v copy";
        }

        return RunAsync(
            arguments.OutputToFile(path, overwrite: true, output => output.WithCustomArgument($"{maps} {encoding}")), cancellationToken);
    }

    // As many bits as the source has, so that tracks of a lossless source add up to it without rounding.
    private static string ChoosePcm(string codec, int? bits) => codec switch
    {
        var name when name.StartsWith("pcm_f64", StringComparison.Ordinal) => "pcm_f64le",
        var name when name.StartsWith("pcm_f", StringComparison.Ordinal) => "pcm_f32le",
        var name when name.StartsWith("pcm_s32", StringComparison.Ordinal) => "pcm_s32le",
        var name when name.StartsWith("pcm_s24", StringComparison.Ordinal) => "pcm_s24le",
        "flac" or "alac" or "wavpack" or "tta" or "ape" or "tak" =>
            bits switch { > 24 => "pcm_s32le", > 16 => "pcm_s24le", _ => "pcm_s16le" },
        _ => "pcm_s16le",
    };

    private Task<FFMpegResult> RunAsync(FFMpegArgumentProcessor processor, CancellationToken cancellationToken) =>
        RunAsync(() => processor.ProcessAsynchronously(throwOnError: true, _options, cancellationToken), cancellationToken);

    private static async Task<T> RunAsync<T>(Func<Task<T>> run, CancellationToken cancellationToken)
    {
        await Processes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is FFMpegException or InstanceException or FormatException)
        {
            throw new MediaException($"ffmpeg failed: {Reason(exception).TrimEnd('.')}.", exception);
        }
        finally
        {
            Processes.Release();
        }
    }

    private static string Reason(Exception exception)
    {
        var output = exception switch
        {
            FFMpegProcessException process => process.Result.StandardError,
            FFProbeProcessException process => process.StandardError,
            _ => [],
        };
        var reason = output.LastOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? exception.Message;

        // "PATH: reason". The path is internal to the sandbox.
        return Path.IsPathRooted(reason) ? reason[(reason.LastIndexOf(": ", StringComparison.Ordinal) + 1)..].Trim() : reason;
    }
}

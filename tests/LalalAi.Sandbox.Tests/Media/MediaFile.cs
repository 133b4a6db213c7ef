using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Media;

/// <summary>A kind of file to split.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Arguments">How ffmpeg makes it of a song.</param>
/// <param name="Decoder">What decodes it.</param>
/// <param name="Format">What ffprobe says that its tracks are: container, and codec of the audio.</param>
/// <param name="Tolerance">How far its tracks together may be from what ffmpeg decodes, on a scale from -1 to 1.</param>
internal sealed record MediaFile(string Name, string Arguments, Audio.Decoder Decoder, string Format, double Tolerance)
{
    public const double Seconds = 1.5;

    private const double Exact = 0;

    // One step of 16 bits.
    private const double OneStep = 1 / 32768.0;

    private const string Video = "-f lavfi -i color=c=blue:s=64x64:r=10 -shortest";

    private static readonly Lazy<string> Folder = new(CreateFolder);

    // Tests of the same file run at the same time.
    private readonly Lazy<Task<string>> _path = new(() => MakeAsync(Name, Arguments));

    /// <summary>Files of every kind.</summary>
    public static IReadOnlyList<MediaFile> All { get; } =
    [
        Wav("u8", "-c:a pcm_u8"),
        Wav("s16", "-c:a pcm_s16le"),
        Wav("s24", "-c:a pcm_s24le"),
        Wav("s32", "-c:a pcm_s32le"),
        Wav("f32", "-c:a pcm_f32le"),
        Wav("f64", "-c:a pcm_f64le"),
        Wav("rf64", "-c:a pcm_s16le -rf64 always"),
        Wav("surround-96k", "-c:a pcm_s24le -ac 6 -ar 96000"),
        Decoded("alaw.wav", "-c:a pcm_alaw"),
        Decoded("mulaw.wav", "-c:a pcm_mulaw"),
        Decoded("ima-adpcm.wav", "-c:a adpcm_ima_wav"),
        Decoded("ms-adpcm.wav", "-c:a adpcm_ms"),
        new("mp3.wav", "-c:a libmp3lame -f wav", Audio.Decoder.Ffmpeg, "wav/pcm_s16le", OneStep),
        Aiff("s8.aiff", "-c:a pcm_s8", "pcm_s8"),
        Aiff("s16.aiff", "-c:a pcm_s16be", "pcm_s16be"),
        Aiff("s24.aif", "-c:a pcm_s24be", "pcm_s24be"),
        Aiff("sowt.aifc", "-c:a pcm_s16le -f aiff", "pcm_s16le"),
        Aiff("f32.aifc", "-c:a pcm_f32be -f aiff", "pcm_f32be"),
        new("mulaw.aifc", "-c:a pcm_mulaw -f aiff", Audio.Decoder.Managed, "aiff/pcm_s16be", Exact),
        Mp3("cbr.mp3", "-b:a 128k"),
        Mp3("vbr.mp3", "-q:a 2"),
        Mp3("no-header.mp3", "-b:a 192k -write_xing 0 -id3v2_version 0"),
        Mp3("mpeg2-mono.mp3", "-ac 1 -ar 22050"),
        Mp3("mpeg25.mp3", "-ac 1 -ar 8000 -b:a 16k"),
        new("layer2.mp2", "-c:a mp2 -b:a 192k", Audio.Decoder.Managed, "mp3/mp3", OneStep),
        new("vorbis.ogg", "-c:a libvorbis -q:a 5", Audio.Decoder.Managed, "ogg/vorbis", OneStep),
        new("vorbis-mono.oga", "-c:a libvorbis -ac 1 -f ogg", Audio.Decoder.Managed, "ogg/vorbis", OneStep),
        new("stereo.opus", "-c:a libopus", Audio.Decoder.Managed, "ogg/opus", OneStep),
        new("surround.opus", "-c:a libopus -ac 6 -mapping_family 1", Audio.Decoder.Managed, "ogg/opus", OneStep),
        new("flac.oga", "-c:a flac -f ogg", Audio.Decoder.Ffmpeg, "ogg/flac", Exact),
        new("s16.flac", "-c:a flac", Audio.Decoder.Ffmpeg, "flac/flac", Exact),
        new("s24.flac", "-c:a flac -sample_fmt s32 -bits_per_raw_sample 24", Audio.Decoder.Ffmpeg, "flac/flac", Exact),
        new("adts.aac", "-c:a aac", Audio.Decoder.Ffmpeg, "aac/aac", OneStep),
        new("aac.m4a", "-c:a aac", Audio.Decoder.Ffmpeg, "mov/aac", OneStep),
        new("alac.m4a", "-c:a alac", Audio.Decoder.Ffmpeg, "mov/alac", Exact),
        new("song.wma", "-c:a wmav2", Audio.Decoder.Ffmpeg, "asf/wmav2", OneStep),
        new("song.wv", "-c:a wavpack", Audio.Decoder.Ffmpeg, "wv/wavpack", Exact),
        new("song.au", "-c:a pcm_s16be", Audio.Decoder.Ffmpeg, "wav/pcm_s16le", Exact),
        new("song.weba", "-c:a libopus -f webm", Audio.Decoder.Ffmpeg, "matroska/opus", OneStep),
        new("video.mp4", $"{Video} -c:v mpeg4 -c:a aac", Audio.Decoder.Ffmpeg, "mov/aac/mpeg4", OneStep),
        new("video.mov", $"{Video} -c:v mpeg4 -c:a aac", Audio.Decoder.Ffmpeg, "mov/aac/mpeg4", OneStep),
        new("video.mkv", $"{Video} -c:v mpeg4 -c:a libvorbis", Audio.Decoder.Ffmpeg, "matroska/aac/mpeg4", OneStep),
        new("video.webm", $"{Video} -c:v libvpx -c:a libvorbis", Audio.Decoder.Ffmpeg, "matroska/opus/vp8", OneStep),
        new("video.avi", $"{Video} -c:v mpeg4 -c:a libmp3lame", Audio.Decoder.Ffmpeg, "avi/mp3/mpeg4", OneStep),
        new("video.mpg", $"{Video} -r 25 -c:v mpeg1video -c:a mp2", Audio.Decoder.Ffmpeg, "mpeg/mp2/mpeg1video", OneStep),
        new("video.ts", $"{Video} -r 25 -c:v mpeg2video -c:a mp2 -f mpegts", Audio.Decoder.Ffmpeg, "mpegts/aac/mpeg2video", OneStep),
    ];

    /// <summary>The extension of its file name.</summary>
    public string Extension => Path.GetExtension(Name);

    /// <summary>The extension of its tracks.</summary>
    public string TrackExtension => Name switch { "layer2.mp2" => ".mp3", "song.au" => ".wav", _ => Extension };

    /// <summary>Skips the test on a machine without ffmpeg.</summary>
    public static void RequireFfmpeg()
    {
        TestProcess.Require("ffmpeg");
        TestProcess.Require("ffprobe");
    }

    /// <summary>Makes the file, once.</summary>
    public Task<string> CreateAsync()
    {
        RequireFfmpeg();
        return _path.Value;
    }

    /// <summary>The container and the codecs of a file, such as <c>mov/aac/mpeg4</c>.</summary>
    public static async Task<string> ProbeAsync(string path)
    {
        var probed = JObject.Parse(
            await RunAsync("ffprobe", $"-v error -show_entries format=format_name:stream=codec_name,codec_type -of json {path}"));
        var codecs = probed["streams"]!.OrderBy(stream => (string?)stream["codec_type"], StringComparer.Ordinal).Select(
            stream => (string)stream["codec_name"]!);
        return string.Join('/', codecs.Prepend(((string)probed["format"]!["format_name"]!).Split(',')[0]));
    }

    /// <summary>The samples of a file, as ffmpeg decodes them, from -1 to 1.</summary>
    public static async Task<double[]> DecodeAsync(string path)
    {
        var raw = Path.Combine(Folder.Value, Guid.NewGuid().ToString());
        await RunAsync("ffmpeg", $"-v error -y -i {path} -map 0:a:0 -f f64le -c:a pcm_f64le {raw}");
        var bytes = await File.ReadAllBytesAsync(raw);
        File.Delete(raw);
        return [.. bytes.Chunk(8).Select(sample => BitConverter.ToDouble(sample))];
    }

    public override string ToString() => Name;

    private static MediaFile Wav(string name, string arguments) => new(
        $"{name}.wav", arguments, Audio.Decoder.Pcm, $"wav/{arguments.Split(' ')[1]}", Exact);

    private static MediaFile Decoded(string name, string arguments) => new(name, arguments, Audio.Decoder.Managed, "wav/pcm_s16le", Exact);

    private static MediaFile Aiff(string name, string arguments, string codec) => new(
        name, arguments, Audio.Decoder.Pcm, $"aiff/{codec}", Exact);

    private static MediaFile Mp3(string name, string arguments) => new(name, arguments, Audio.Decoder.Managed, "mp3/mp3", OneStep);

    private static string CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("lalalai-tests-media-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        File.WriteAllBytes(Path.Combine(folder, "song.wav"), SandboxSong.Create(TimeSpan.FromSeconds(Seconds)));
        return folder;
    }

    private static async Task<string> MakeAsync(string name, string arguments)
    {
        var path = Path.Combine(Folder.Value, name);
        await RunAsync("ffmpeg", $"-v error -y -i {Path.Combine(Folder.Value, "song.wav")} {arguments} {path}");
        return path;
    }

    private static async Task<string> RunAsync(string program, string arguments) =>
        (await TestProcess.RunAsync(program, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Trim();
}

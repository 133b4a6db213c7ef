namespace LalalAi.Sandbox.Audio;

/// <summary>A format of media files.</summary>
/// <param name="Name">The name in messages and in the saved state.</param>
/// <param name="Extensions">Its file name extensions; the first one is for new files.</param>
/// <param name="ContentType">Its content type.</param>
/// <param name="Encoding">The arguments for ffmpeg; null when the sandbox does not encode the format.</param>
internal sealed record MediaFormat(string Name, IReadOnlyList<string> Extensions, string ContentType, string? Encoding)
{
    public static MediaFormat Wav { get; } = new("WAV", [".wav", ".wave"], "audio/wav", null);

    public static MediaFormat Aiff { get; } = new("AIFF", [".aiff", ".aif", ".aifc"], "audio/aiff", "-f aiff");

    public static MediaFormat Mp3 { get; } = new("MP3", [".mp3"], "audio/mpeg", "-f mp3 -c:a libmp3lame -b:a 192k");

    public static MediaFormat OggVorbis { get; } = new("Ogg Vorbis", [".ogg", ".oga"], "audio/ogg", "-f ogg -c:a libvorbis -q:a 6");

    public static MediaFormat Opus { get; } = new("Opus", [".opus", ".ogg", ".oga"], "audio/ogg", "-f opus -c:a libopus -b:a 160k");

    /// <summary>An unknown format. Tracks keep the extension of the source.</summary>
    public static MediaFormat Unknown { get; } = new("unknown", [], "application/octet-stream", null);

    private static MediaFormat Flac { get; } = new("FLAC", [".flac"], "audio/flac", "-f flac -c:a flac");

    private static MediaFormat Aac { get; } = new("AAC", [".aac"], "audio/aac", "-f adts -c:a aac -b:a 192k");

    private static MediaFormat OggFlac { get; } = new("Ogg FLAC", [".oga", ".ogg"], "audio/ogg", "-f ogg -c:a flac");

    private static MediaFormat M4a { get; } = new("M4A", [".m4a", ".mp4", ".m4b"], "audio/mp4", "-f ipod -c:a aac -b:a 192k");

    private static MediaFormat Alac { get; } = new("ALAC", [".m4a", ".mp4", ".m4b"], "audio/mp4", "-f ipod -c:a alac");

    private static MediaFormat Wma { get; } = new("WMA", [".wma", ".asf"], "audio/x-ms-wma", "-f asf -c:a wmav2 -b:a 192k");

    private static MediaFormat WavPack { get; } = new("WavPack", [".wv"], "audio/x-wavpack", "-f wv -c:a wavpack");

    private static MediaFormat Ac3 { get; } = new("AC-3", [".ac3"], "audio/ac3", "-f ac3 -c:a ac3");

    private static MediaFormat Mka { get; } = new("Matroska audio", [".mka", ".mkv"], "audio/x-matroska", "-f matroska -c:a aac -b:a 192k");

    private static MediaFormat WebmAudio { get; } = new("WebM audio", [".weba", ".webm"], "audio/webm", "-f webm -c:a libopus -b:a 160k");

    private static MediaFormat Mp4 { get; } = new("MP4", [".mp4", ".m4v", ".3gp", ".3g2"], "video/mp4", "-f mp4 -c:a aac -b:a 192k");

    private static MediaFormat Mov { get; } = new("QuickTime", [".mov", ".qt"], "video/quicktime", "-f mov -c:a aac -b:a 192k");

    private static MediaFormat Mkv { get; } = new("Matroska", [".mkv"], "video/x-matroska", "-f matroska -c:a aac -b:a 192k");

    private static MediaFormat Webm { get; } = new("WebM", [".webm"], "video/webm", "-f webm -c:a libopus -b:a 160k");

    private static MediaFormat Avi { get; } = new("AVI", [".avi"], "video/x-msvideo", "-f avi -c:a libmp3lame -b:a 192k");

    private static MediaFormat Wmv { get; } = new("WMV", [".wmv", ".asf"], "video/x-ms-wmv", "-f asf -c:a wmav2 -b:a 192k");

    private static MediaFormat Flv { get; } = new("FLV", [".flv"], "video/x-flv", "-f flv -c:a aac -b:a 192k -ar 44100");

    private static MediaFormat Mpeg { get; } = new("MPEG", [".mpg", ".mpeg", ".vob"], "video/mpeg", "-f mpeg -c:a mp2 -b:a 256k");

    private static MediaFormat MpegTs { get; } = new("MPEG-TS", [".ts", ".m2ts", ".mts"], "video/mp2t", "-f mpegts -c:a aac -b:a 192k");

    private static IReadOnlyList<MediaFormat> All { get; } =
    [
        Wav, Aiff, Mp3, OggVorbis, Opus, Flac, Aac, OggFlac, M4a, Alac, Wma, WavPack, Ac3, Mka, WebmAudio,
        Mp4, Mov, Mkv, Webm, Avi, Wmv, Flv, Mpeg, MpegTs,
    ];

    /// <summary>The format with a name; <see cref="Unknown"/> when there is none.</summary>
    public static MediaFormat Named(string name) => All.FirstOrDefault(format => format.Name == name) ?? Unknown;

    /// <summary>The format of an extension; <see cref="Unknown"/> when there is none.</summary>
    public static MediaFormat OfExtension(string extension) =>
        All.FirstOrDefault(format => format.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase)) ?? Unknown;

    /// <summary>
    /// The format of an <c>encoder_format</c> of the contract; null for a format that the sandbox does not know.
    /// </summary>
    public static MediaFormat? ForEncoderFormat(string name) => name switch
    {
        "wav" => Wav,
        "mp3" => Mp3,
        "flac" => Flac,
        "aac" => Aac,
        "ogg" => OggVorbis,
        _ => null,
    };

    /// <summary>The format of a file, from the output of ffprobe.</summary>
    /// <param name="container">Its names for the container.</param>
    /// <param name="codec">Its name for the audio codec.</param>
    /// <param name="videoCodec">Its name for the video codec; null without video.</param>
    /// <param name="brand">The major brand of an MP4 or QuickTime file.</param>
    public static MediaFormat Of(string container, string codec, string? videoCodec, string? brand)
    {
        var hasVideo = videoCodec is not null;
        return container.Split(',')[0] switch
        {
            "wav" or "w64" => Wav,
            "aiff" => Aiff,
            "mp3" => Mp3,
            "flac" => Flac,
            "aac" => Aac,
            "ogg" when !hasVideo => codec switch { "opus" => Opus, "flac" => OggFlac, "vorbis" => OggVorbis, _ => Unknown },
            "mov" => hasVideo ? (brand?.Trim() == "qt" ? Mov : Mp4) : codec == "alac" ? Alac : M4a,
            "matroska" => (hasVideo, videoCodec is null or "vp8" or "vp9" or "av1" && (codec is "opus" or "vorbis")) switch
            {
                (true, true) => Webm,
                (true, false) => Mkv,
                (false, true) => WebmAudio,
                (false, false) => Mka,
            },
            "asf" => hasVideo ? Wmv : Wma,
            "wv" => WavPack,
            "ac3" => Ac3,
            "avi" when hasVideo => Avi,
            "flv" when hasVideo => Flv,
            "mpeg" when hasVideo => Mpeg,
            "mpegts" when hasVideo => MpegTs,
            _ => Unknown,
        };
    }

    /// <summary>The extension for a track in this format: the extension of the source if it fits.</summary>
    public string ExtensionFor(string sourceName)
    {
        var extension = Path.GetExtension(sourceName);
        return Extensions.Count == 0 || Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase) ? extension : Extensions[0];
    }
}

using Newtonsoft.Json;

namespace LalalAi.Sandbox.Audio;

/// <summary>What an uploaded file holds, and how to get at its samples.</summary>
/// <param name="FormatName">The name of its format.</param>
/// <param name="Seconds">Its decoded length.</param>
/// <param name="Decoder">What decodes it.</param>
internal sealed record Media(string FormatName, double Seconds, Decoder Decoder)
{
    // The bit rate that stands in for content that nothing decodes: 128 kbit/s.
    private const double BytesPerSecond = 16_000;

    [JsonIgnore]
    public MediaFormat Format => MediaFormat.Named(FormatName);

    /// <summary>The duration in whole seconds, rounded up and at least 1: what the service charges by. 0 when it is unknown.</summary>
    [JsonIgnore]
    public int DurationSeconds => Failure is null ? (int)Math.Clamp(Math.Ceiling(Math.Round(Seconds, 6)), 1, int.MaxValue) : 0;

    /// <summary>Why the file cannot be decoded; null when it can.</summary>
    public string? Failure { get; init; }

    /// <summary>The codec of the samples that ffmpeg decodes it to, such as <c>pcm_s16le</c>.</summary>
    public string? PcmCodec { get; init; }

    /// <summary>Whether the file has a video, which its tracks get as well.</summary>
    public bool HasVideo { get; init; }

    /// <summary>A file that nothing on this machine decodes.</summary>
    public static Media Undecodable(string failure) => new(MediaFormat.Unknown.Name, 0, Decoder.None) { Failure = failure };

    /// <summary>A file that is taken as it is.</summary>
    public static Media PassThrough(long size) => new(MediaFormat.Unknown.Name, size / BytesPerSecond, Decoder.None);
}

/// <summary>What decodes a file.</summary>
internal enum Decoder
{
    /// <summary>Nothing: it cannot be decoded, or is passed through.</summary>
    None,

    /// <summary>No decoder: its samples are not compressed.</summary>
    Pcm,

    /// <summary>A <see cref="SampleReader"/>.</summary>
    Managed,

    /// <summary>ffmpeg.</summary>
    Ffmpeg,
}

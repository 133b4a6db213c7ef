using Newtonsoft.Json;

namespace LalalAi.Sandbox.Audio;

/// <summary>The content of an uploaded file, and how to decode it.</summary>
/// <param name="FormatName">The name of its format.</param>
/// <param name="Seconds">Its decoded length.</param>
/// <param name="Decoder">The decoder for its samples.</param>
internal sealed record Media(string FormatName, double Seconds, Decoder Decoder)
{
    // The assumed bit rate of content that cannot be decoded: 128 kbit/s.
    private const double BytesPerSecond = 16_000;

    [JsonIgnore]
    public MediaFormat Format => MediaFormat.Named(FormatName);

    /// <summary>The charged duration in whole seconds, rounded up and at least 1. 0 when it is unknown.</summary>
    [JsonIgnore]
    public int DurationSeconds => Failure is null ? (int)Math.Clamp(Math.Ceiling(Math.Round(Seconds, 6)), 1, int.MaxValue) : 0;

    /// <summary>Why the file cannot be decoded; null when it can.</summary>
    public string? Failure { get; init; }

    /// <summary>The codec of the samples that ffmpeg decodes it to, such as <c>pcm_s16le</c>.</summary>
    public string? PcmCodec { get; init; }

    /// <summary>Whether the file has video, which its tracks keep.</summary>
    public bool HasVideo { get; init; }

    /// <summary>A file that cannot be decoded on this machine.</summary>
    public static Media Undecodable(string failure) => new(MediaFormat.Unknown.Name, 0, Decoder.None) { Failure = failure };

    /// <summary>A file that is passed through unchanged.</summary>
    public static Media PassThrough(long size) => new(MediaFormat.Unknown.Name, size / BytesPerSecond, Decoder.None);
}

/// <summary>The decoder of a file.</summary>
internal enum Decoder
{
    /// <summary>The file cannot be decoded, or is passed through.</summary>
    None,

    /// <summary>No decoder is needed: the samples are not compressed.</summary>
    Pcm,

    /// <summary>A <see cref="SampleReader"/>.</summary>
    Managed,

    /// <summary>ffmpeg.</summary>
    Ffmpeg,
}

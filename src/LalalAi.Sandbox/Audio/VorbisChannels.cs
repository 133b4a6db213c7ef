namespace LalalAi.Sandbox.Audio;

/// <summary>The order of channels in Vorbis and Opus, which differs from WAV.</summary>
internal static class VorbisChannels
{
    /// <summary>For each channel of a WAV file, its index in Vorbis and Opus.</summary>
    public static int[] Order(int channels) => channels switch
    {
        3 => [0, 2, 1],
        5 => [0, 2, 1, 3, 4],
        6 => [0, 2, 1, 5, 3, 4],
        7 => [0, 2, 1, 6, 5, 3, 4],
        8 => [0, 2, 1, 7, 5, 6, 3, 4],
        _ => [.. Enumerable.Range(0, channels)],
    };
}

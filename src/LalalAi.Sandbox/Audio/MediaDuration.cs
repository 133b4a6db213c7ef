namespace LalalAi.Sandbox.Audio;

/// <summary>The duration of an uploaded file in whole seconds, rounded up and at least 1: what the service charges by.</summary>
internal static class MediaDuration
{
    // Nothing here decodes compressed media, so its duration is a guess from its size, at 128 kbit/s.
    private const double BytesPerSecond = 16_000;

    public static int Seconds(WaveLayout? wave, long size) =>
        (int)Math.Clamp(Math.Ceiling(wave?.DurationSeconds ?? (size / BytesPerSecond)), 1, int.MaxValue);
}

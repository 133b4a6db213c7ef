using NAudio.Wave;

namespace LalalAi.Sandbox;

/// <summary>
/// Generates songs to split: stereo, with a bass, chords, a drum, and a melody with vibrato in place of a voice. The same duration and
/// seed always produce the same bytes. Different seeds produce different songs.
/// </summary>
public static class SandboxSong
{
    private const int SampleRate = 44_100;
    private const double BeatSeconds = 0.5;
    private const int BeatsPerChord = 4;

    private static readonly TimeSpan LongestDuration = TimeSpan.FromHours(1);
    private static readonly double[] Bass = [55.00, 43.65, 65.41, 49.00];
    private static readonly double[][] Chords =
        [[220.00, 261.63, 329.63], [174.61, 220.00, 261.63], [261.63, 329.63, 392.00], [196.00, 246.94, 293.66]];
    private static readonly double[] Tune =
    [
        659.26, 587.33, 523.25, 587.33, 698.46, 659.26, 587.33, 523.25, 783.99, 659.26, 587.33, 659.26, 587.33, 493.88, 523.25, 587.33,
    ];

    /// <summary>Generates a WAV file with 16-bit samples at 44,100 Hz: 176,400 bytes per second.</summary>
    /// <param name="duration">The duration, at most an hour. The melody repeats every 8 seconds.</param>
    /// <param name="seed">Selects the song: the key, the order of the notes, and the drum. 0 or more; 0 by default.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="duration"/> is negative, zero or more than an hour, or <paramref name="seed"/> is negative.
    /// </exception>
    public static byte[] Create(TimeSpan duration, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, LongestDuration);
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        double[] tune = [.. Tune];
        using var bytes = new MemoryStream();
        using (var writer = new WaveFileWriter(bytes, new WaveFormat(SampleRate, 16, 2)))
        {
            var noise = new Random(seed);
            var pitch = Math.Pow(2, noise.Next(12) / 12.0);
            noise.Shuffle(tune);
            var frames = Math.Ceiling(duration.TotalSeconds * SampleRate);
            for (var frame = 0; frame < frames; frame++)
            {
                var (left, right) = Play((double)frame / SampleRate, tune, pitch, noise);
                writer.WriteSample((float)left);
                writer.WriteSample((float)right);
            }
        }

        return bytes.ToArray();
    }

    private static (double Left, double Right) Play(double time, double[] tune, double pitch, Random noise)
    {
        var beat = (int)(time / BeatSeconds);
        var inBeat = time - (beat * BeatSeconds);
        beat %= tune.Length;
        var chord = Chords[beat / BeatsPerChord];
        var bass = 0.22 * Tone(Bass[beat / BeatsPerChord] * pitch, time) * Math.Exp(-1.5 * inBeat);
        var drum = 0.12 * ((noise.NextDouble() * 2) - 1) * Math.Exp(-40 * inBeat);
        var voice = 0.25 * Math.Sin((2 * Math.PI * tune[beat] * pitch * time) + (0.8 * Math.Sin(2 * Math.PI * 5.5 * time)))
            * Math.Min(1, inBeat * 20) * Math.Exp(-2 * inBeat);
        var both = bass + drum + voice + (0.048 * Tone(chord[1] * pitch, time));
        return (both + (0.08 * Tone(chord[0] * pitch, time)), both + (0.08 * Tone(chord[2] * pitch, time)));
    }

    /// <summary>A sine with its first overtone at 30 %: sin 2x is 2 sin x cos x.</summary>
    private static double Tone(double frequency, double time)
    {
        var (sin, cos) = Math.SinCos(2 * Math.PI * frequency * time);
        return sin * (1 + (0.6 * cos));
    }
}

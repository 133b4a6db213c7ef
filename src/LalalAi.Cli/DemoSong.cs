using NAudio.Wave;

namespace LalalAi.Cli;

/// <summary>A few seconds of stereo music, computed: bass, chords, a drum and a tune with vibrato where a voice would be.</summary>
internal static class DemoSong
{
    private const int SampleRate = 44_100;
    private const double BeatSeconds = 0.5;

    private static readonly double[] Bass = [55.00, 43.65, 65.41, 49.00];
    private static readonly double[][] Chords = [[220.00, 261.63, 329.63], [174.61, 220.00, 261.63], [261.63, 329.63, 392.00], [196.00, 246.94, 293.66]];
    private static readonly double[] Tune = [659.26, 587.33, 523.25, 587.33, 698.46, 659.26, 587.33, 523.25, 783.99, 659.26, 587.33, 659.26, 587.33, 493.88, 523.25, 587.33];

    public static TimeSpan Duration { get; } = TimeSpan.FromSeconds(Tune.Length * BeatSeconds);

    /// <summary>Writes the song as a 16-bit stereo WAV file.</summary>
    public static void Write(string path)
    {
        using var writer = new WaveFileWriter(path, new WaveFormat(SampleRate, 16, 2));
        var noise = new Random(1);
        for (var index = 0; index < Duration.TotalSeconds * SampleRate; index++)
        {
            var time = (double)index / SampleRate;
            var beat = (int)(time / BeatSeconds);
            var inBeat = time - (beat * BeatSeconds);
            var chord = Chords[beat / 4];
            var bass = 0.22 * Tone(Bass[beat / 4], time) * Math.Exp(-1.5 * inBeat);
            var drum = 0.12 * ((noise.NextDouble() * 2) - 1) * Math.Exp(-40 * inBeat);
            var voice = 0.25 * Math.Sin((2 * Math.PI * Tune[beat] * time) + (0.8 * Math.Sin(2 * Math.PI * 5.5 * time))) * Math.Min(1, inBeat * 20) * Math.Exp(-2 * inBeat);
            var left = bass + drum + voice + (0.08 * (Tone(chord[0], time) + (0.6 * Tone(chord[1], time))));
            var right = bass + drum + voice + (0.08 * (Tone(chord[2], time) + (0.6 * Tone(chord[1], time))));
            writer.WriteSample((float)left);
            writer.WriteSample((float)right);
        }
    }

    private static double Tone(double frequency, double time) => Math.Sin(2 * Math.PI * frequency * time) + (0.3 * Math.Sin(4 * Math.PI * frequency * time));
}

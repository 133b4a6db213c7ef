namespace LalalAi.Sandbox.Audio;

/// <summary>Makes a voice sound like a robot: the sandbox's simulation of a voice change.</summary>
internal static class RingModulator
{
    private const double Hertz = 70;

    /// <summary>Modulates samples. None of them becomes louder.</summary>
    /// <param name="samples">The source's samples.</param>
    /// <param name="firstFrame">The number of samples before them.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="format">The format to round to.</param>
    /// <param name="converted">Filled with the result.</param>
    public static void Modulate(ReadOnlySpan<double> samples, long firstFrame, int sampleRate, SampleFormat format, Span<double> converted)
    {
        for (var index = 0; index < samples.Length; index++)
        {
            var carrier = Math.Cos(2 * Math.PI * ((firstFrame + index) * Hertz / sampleRate % 1));
            converted[index] = double.IsFinite(samples[index]) ? format.Fit(samples[index] * carrier) : 0;
        }
    }
}

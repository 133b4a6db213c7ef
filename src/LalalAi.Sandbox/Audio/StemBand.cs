using NAudio.Dsp;

namespace LalalAi.Sandbox.Audio;

/// <summary>
/// A band-pass filter that simulates a stem. It does not separate sources, but creates tracks that are audible and sound different.
/// </summary>
internal sealed class StemBand
{
    // A fraction of the source, so that a stem is silent only where the source is.
    private const float BroadbandShare = 0.125f;

    private static readonly Dictionary<string, (float Low, float High)> Bands = new(StringComparer.Ordinal)
    {
        ["vocals"] = (300, 3400),
        ["vocals@0"] = (500, 3400),
        ["vocals@1"] = (250, 900),
        ["voice"] = (150, 4000),
        ["music"] = (60, 800),
        ["drum"] = (2500, 12000),
        ["bass"] = (30, 220),
        ["piano"] = (200, 1800),
        ["electric_guitar"] = (400, 2500),
        ["acoustic_guitar"] = (700, 5000),
        ["synthesizer"] = (100, 6000),
        ["strings"] = (350, 4500),
        ["wind"] = (600, 3000),
    };

    private static readonly (float Low, float High) BandOfNewStems = (450, 2200);

    private readonly BiQuadFilter _highPass;
    private readonly BiQuadFilter _lowPass;

    /// <summary>One filter per stem and channel, because it depends on the previous samples.</summary>
    public StemBand(string stem, int sampleRate)
    {
        const float Butterworth = 0.7071f;
        var (low, high) = Bands.GetValueOrDefault(stem, BandOfNewStems);

        // A filter at or above half the sample rate is not stable.
        var highest = sampleRate * 0.45f;
        _highPass = BiQuadFilter.HighPassFilter(sampleRate, Math.Min(low, highest), Butterworth);
        _lowPass = BiQuadFilter.LowPassFilter(sampleRate, Math.Min(high, highest), Butterworth);
    }

    /// <summary>Computes the stem's part of each sample. Continues from the previous call.</summary>
    /// <param name="samples">The source's samples.</param>
    /// <param name="fullScale">The value of a full-scale sample.</param>
    /// <param name="level">The factor for the stem.</param>
    /// <param name="stem">Filled with the stem, on the source's scale.</param>
    public void Filter(ReadOnlySpan<double> samples, double fullScale, double level, Span<double> stem)
    {
        for (var index = 0; index < samples.Length; index++)
        {
            // Samples far beyond full scale would stay in the filter's memory.
            var sample = samples[index] / fullScale;
            var input = double.IsFinite(sample) ? (float)Math.Clamp(sample, -4, 4) : 0;
            var band = _lowPass.Transform(_highPass.Transform(input));
            stem[index] = ((BroadbandShare * input) + ((1 - BroadbandShare) * band)) * fullScale * level;
        }
    }
}

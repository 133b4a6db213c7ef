namespace LalalAi.AI;

/// <summary>Recognizes presets that do the same.</summary>
internal static class EquivalentPresets
{
    /// <summary>
    /// Returns the presets with sorted stems, because their order is irrelevant, and with the UUID of a voice as the service writes it.
    /// </summary>
    public static TaskPresets Normalize(this TaskPresets presets) => presets switch
    {
        MultistemPresets multistem =>
            multistem with { StemList = [.. multistem.StemList.OrderBy(stem => stem.Value, StringComparer.Ordinal)] },
        VoiceChangePresets voice when Guid.TryParse(voice.VoicePackId, out var id) => voice with { VoicePackId = id.ToString() },
        _ => presets,
    };
}

namespace LalalAi.AI;

/// <summary>Recognizes presets that do the same.</summary>
internal static class EquivalentPresets
{
    /// <summary>Returns the presets with sorted stems, because their order is irrelevant.</summary>
    public static TaskPresets Normalize(this TaskPresets presets) => presets is MultistemPresets multistem
        ? multistem with { StemList = [.. multistem.StemList.OrderBy(stem => stem.Value, StringComparer.Ordinal)] }
        : presets;
}

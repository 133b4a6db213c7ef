namespace LalalAi.Tasks;

/// <summary>
/// The rules for combinations of presets, which the contract states in prose. Unknown values are accepted, because the service may
/// have learned them.
/// </summary>
internal static class PresetRules
{
    private const int MaximumStems = 6;

    private static readonly Stem[] PhoenixOnly = [Stem.Synthesizer, Stem.Strings, Stem.Wind];

    private static readonly Stem[] MultistemStems =
        [Stem.Vocals, Stem.Drum, Stem.Piano, Stem.Bass, Stem.ElectricGuitar, Stem.AcousticGuitar];

    public static string? Check(StemSeparatorPresets presets)
    {
        if (IsEmpty(presets.Stem))
        {
            return $"The stem is not set. Choose one, for example {Stem.Vocals}.";
        }

        if (PhoenixOnly.Contains(presets.Stem)
            && presets.Splitter is { } splitter
            && splitter != SplitterModel.Phoenix
            && SplitterModel.KnownValues.Contains(splitter))
        {
            return $"The stem {presets.Stem} is separated by the splitter phoenix only, not by {splitter}. "
                + $"Leave the splitter unset, or choose {SplitterModel.Phoenix}.";
        }

        return presets.Multivocal is { } multivocal && presets.Stem != Stem.Vocals && Stem.KnownValues.Contains(presets.Stem)
            ? $"The option multivocal splits vocals further, but the stem is {presets.Stem}. "
                + $"Leave it unset, or choose the stem {Stem.Vocals}."
            : CheckSplitter(presets.Splitter);
    }

    public static string? Check(MultistemPresets presets)
    {
        if (presets.StemList is not { Count: >= 1 and <= MaximumStems })
        {
            return $"The list of stems has {presets.StemList?.Count ?? 0} stems; it must have from 1 to {MaximumStems}.";
        }

        if (presets.StemList.Any(IsEmpty))
        {
            return $"A stem of the list is not set. Choose each, for example {Stem.Vocals}.";
        }

        if (presets.StemList.GroupBy(stem => stem).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            return $"The list of stems contains {repeated.Key} more than once, and each is charged.";
        }

        return presets.StemList.FirstOrDefault(
            stem => Stem.KnownValues.Contains(stem) && !MultistemStems.Contains(stem)) is { Value: not null } other
            ? $"The stem {other} cannot be separated together with others. Split it alone. "
                + $"The ones that can are {string.Join(", ", MultistemStems)}."
            : CheckSplitter(presets.Splitter);
    }

    public static string? Check(DemuserPresets presets) => CheckConstant(presets.Stem, "music") ?? CheckSplitter(presets.Splitter);

    public static string? Check(VoiceCleanPresets presets) => CheckConstant(presets.Stem, "voice") ?? CheckSplitter(presets.Splitter);

    public static string? Check(VoiceChangePresets presets)
    {
        if (string.IsNullOrWhiteSpace(presets.VoicePackId))
        {
            return "The voice is not set. Choose a built-in voice, such as ALEX_KAYE, or the ID of a voice pack of your own.";
        }

        return presets.Accent is { } accent && !(accent is >= 0 and <= 1)
            ? FormattableString.Invariant($"The accent is {accent}; it must be from 0 (the source's accent) to 1 (the voice pack's).")
            : null;
    }

    private static string? CheckConstant(string stem, string only) =>
        stem == only ? null : $"Stem is '{stem}'; here it can only be '{only}', which is what it is when it is not set.";

    // The contract declares the default 'auto', but does not list it as a value. Without a value, the service chooses the splitter.
    private static string? CheckSplitter(SplitterModel? splitter) =>
        splitter is { Value: "auto" }
            ? "The splitter 'auto' is what the service uses when none is sent; it rejects the word. Leave the splitter unset."
            : null;

    private static bool IsEmpty(Stem stem) => string.IsNullOrEmpty(stem.Value);
}

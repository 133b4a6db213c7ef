namespace LalalAi.Cli.Jobs;

/// <summary>What tracks are called, and which tracks a task is going to have.</summary>
internal static class TrackNames
{
    // The service numbers lead and backing vocals.
    private static readonly Dictionary<string, string> Spoken = new(StringComparer.Ordinal)
    {
        ["vocals@0"] = "lead_vocals",
        ["vocals@1"] = "backing_vocals",
        ["mix_no_lead"] = "no_lead_vocals",
    };

    // The formats in which tracks are returned if the source has them. For other sources, the format is not known in advance.
    private static readonly string[] KeptFormats = ["wav", "mp3", "flac", "aac", "ogg"];

    /// <summary>The name of a track. Labels can be missing or equal, so the position tells them apart.</summary>
    public static string Of(IReadOnlyList<string> labels, int index)
    {
        var names = labels.Select(Of).ToList();
        var earlier = names.Take(index).Count(name => string.Equals(name, names[index], StringComparison.OrdinalIgnoreCase));
        return earlier == 0 ? names[index] : $"{names[index]} ({earlier + 1})";
    }

    public static string Of(string label) =>
        Spoken.TryGetValue(label, out var spoken) ? spoken
            : label.Length == 0 ? "track"
            : Literal(label, maxBytes: 60);

    /// <summary>A text as a part of a path that no placeholder is in.</summary>
    public static string Literal(string text, int maxBytes) => SafeFileName.Create(text, maxBytes).Replace('{', '(').Replace('}', ')');

    /// <summary>The path of a track, from the paths of its job such as <c>song/{stem} (dereverb).{ext}</c>.</summary>
    public static string Apply(string tracks, string name) => tracks.Replace("{stem}", name, StringComparison.Ordinal)
        // The name says it already.
        .Replace("multistem (multistem)", "multistem", StringComparison.Ordinal);

    /// <summary>The paths that the tracks of a task are going to have, without extensions, and their extension if it is known.</summary>
    public static (IReadOnlyList<string> Paths, string? Extension) Expected(string tracks, TaskPresets presets, string input)
    {
        var extension = Path.GetExtension(input).TrimStart('.').ToLowerInvariant();
        var pattern = tracks[..tracks.LastIndexOf('.')];
        return (
            [.. LabelsOf(presets).Select(label => Apply(pattern, Of(label)))],
            FormatOf(presets)?.Value ?? (KeptFormats.Contains(extension) ? extension : null));
    }

    /// <summary>How many tracks a task has at most.</summary>
    public static int Count(TaskPresets presets) => LabelsOf(presets).Count;

    /// <summary>The format of the tracks, or <see langword="null"/> for the format of the recording.</summary>
    public static EncoderFormat? FormatOf(TaskPresets presets) => presets switch
    {
        StemSeparatorPresets stem => stem.EncoderFormat,
        MultistemPresets multistem => multistem.EncoderFormat,
        DemuserPresets demuser => demuser.EncoderFormat,
        VoiceCleanPresets clean => clean.EncoderFormat,
        VoiceChangePresets voice => voice.EncoderFormat,
        _ => null,
    };

    public static bool Overlap(
        (IReadOnlyList<string> Paths, string? Extension) first,
        (IReadOnlyList<string> Paths, string? Extension) second) =>
        (first.Extension is null || second.Extension is null || first.Extension == second.Extension)
        && first.Paths.Intersect(second.Paths, StringComparer.OrdinalIgnoreCase).Any();

    /// <summary>
    /// What may be added to the names of tracks to tell them from those of another job on the same recording: nothing, the options, or all
    /// of them and the kind.
    /// </summary>
    public static IEnumerable<string?> Qualifiers(TaskPresets presets)
    {
        var (kind, options) = Describe(presets);
        yield return presets is VoiceChangePresets voice ? Join([voice.VoicePackId]) : null;
        yield return options.Count > 0 ? Join(options) : kind;
        yield return Join([kind, .. options]);
    }

    private static string Join(IEnumerable<string> parts) => Literal(string.Join(", ", parts), maxBytes: 80);

    private static IReadOnlyList<string> LabelsOf(TaskPresets presets) => presets switch
    {
        StemSeparatorPresets { Multivocal: not null } stem => [$"{stem.Stem}@0", $"{stem.Stem}@1", $"no_{stem.Stem}", "mix_no_lead"],
        StemSeparatorPresets stem => [stem.Stem.Value, $"no_{stem.Stem}"],
        MultistemPresets multistem => [.. multistem.StemList.Select(stem => stem.Value), "no_multistem"],
        DemuserPresets => ["music", "no_music"],
        VoiceCleanPresets => ["voice", "no_voice"],
        _ => ["converted_mix"],
    };

    private static (string Kind, IReadOnlyList<string> Options) Describe(TaskPresets presets)
    {
        var (kind, options) = presets switch
        {
            StemSeparatorPresets stem => (
                "split",
                new[] { stem.Multivocal?.Value, stem.Splitter?.Value, stem.ExtractionLevel?.Value, Dereverb(stem.DereverbEnabled) }),
            MultistemPresets multistem =>
                ("multistem", [multistem.Splitter?.Value, multistem.ExtractionLevel?.Value, Dereverb(multistem.DereverbEnabled)]),
            DemuserPresets demuser => ("demuse", [demuser.Splitter?.Value, Dereverb(demuser.DereverbEnabled)]),
            VoiceCleanPresets clean => (
                "clean",
                [clean.NoiseCancellingLevel?.ToString().ToLowerInvariant(), clean.Splitter?.Value, Dereverb(clean.DereverbEnabled)]),
            VoiceChangePresets voice => (
                "voice",
                [
                    voice.VoicePackId,
                    voice.Accent is { } accent
                        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"accent {accent:0.##}")
                        : null,
                    voice.TonalityReference?.Value,
                    Dereverb(voice.DereverbEnabled),
                ]),
            _ => ("task", []),
        };
        return (kind, [.. options.Append(FormatOf(presets)?.Value).OfType<string>()]);
    }

    private static string? Dereverb(bool? isEnabled) => isEnabled == true ? "dereverb" : null;
}

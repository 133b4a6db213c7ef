using System.ComponentModel;
using LalalAi.AI.Results;

namespace LalalAi.AI.Tools;

/// <summary>The arguments of <c>split</c> and <c>estimate</c>, which are the same.</summary>
internal sealed record SplitArguments
{
    [Description("Path of the recording.")]
    public required string File { get; init; }

    [Description(
        "stem (default): one stem and the rest. multistem: 1 to 6 stems, each charged. demuse: remove music. clean: remove noise.")]
    public SplitKind Kind { get; init; }

    [Description("Default: vocals.")]
    public IReadOnlyList<Stem>? Stems { get; init; }

    public SplitterModel? Splitter { get; init; }

    public bool? Dereverb { get; init; }

    [Description("For clean.")]
    public NoiseLevel? Noise { get; init; }

    [Description("Default: that of the recording.")]
    public EncoderFormat? Format { get; init; }

    /// <exception cref="LalalAiFunctionException">The arguments cannot be combined.</exception>
    public TaskPresets ToPresets()
    {
        if (Stems is not null && Kind is SplitKind.Demuse or SplitKind.Clean)
        {
            throw new LalalAiFunctionException("Stems are for the kinds 'stem' and 'multistem'.");
        }

        if (Noise is not null && Kind is not SplitKind.Clean)
        {
            throw new LalalAiFunctionException("The noise level is for the kind 'clean'.");
        }

        var stems = Stems ?? [Stem.Vocals];
        // Equivalent calls have equal presets: false is the default of the service.
        bool? dereverb = Dereverb == true ? true : null;
        return Checked(Kind switch
        {
            SplitKind.Multistem => new MultistemPresets
            {
                StemList = stems,
                Splitter = Splitter,
                DereverbEnabled = dereverb,
                EncoderFormat = Format,
            },
            SplitKind.Demuse => new DemuserPresets { Splitter = Splitter, DereverbEnabled = dereverb, EncoderFormat = Format },
            SplitKind.Clean => new VoiceCleanPresets
            {
                NoiseCancellingLevel = (FilteringLevel?)Noise,
                Splitter = Splitter,
                DereverbEnabled = dereverb,
                EncoderFormat = Format,
            },
            _ => new StemSeparatorPresets
            {
                Stem = stems is [var stem]
                    ? stem
                    : throw new LalalAiFunctionException("The kind 'stem' takes one stem. Use 'multistem' for several."),
                Splitter = Splitter,
                DereverbEnabled = dereverb,
                EncoderFormat = Format,
            },
        });
    }

    /// <exception cref="LalalAiFunctionException">The presets cannot be combined.</exception>
    public static TaskPresets Checked(TaskPresets presets)
    {
        try
        {
            presets.Validate();
            return presets;
        }
        catch (ArgumentException exception)
        {
            throw new LalalAiFunctionException($"The arguments cannot be combined: {exception.Message}");
        }
    }
}

internal enum SplitKind
{
    Stem,
    Multistem,
    Demuse,
    Clean,
}

/// <summary>The service's levels, by their names in the contract.</summary>
internal enum NoiseLevel
{
    Mild = FilteringLevel.Mild,
    Normal = FilteringLevel.Normal,
    Aggressive = FilteringLevel.Aggressive,
}

internal sealed record ChangeVoiceArguments
{
    [Description("Path of the recording.")]
    public required string File { get; init; }

    [Description("ID of a voice, from account.")]
    public required string Voice { get; init; }

    [Description("Whose accent to keep, from 0 (the recording's) to 1 (the voice's).")]
    public double? Accent { get; init; }

    public bool? Dereverb { get; init; }

    [Description("Default: that of the recording.")]
    public EncoderFormat? Format { get; init; }

    /// <exception cref="LalalAiFunctionException">The voice is not an ID.</exception>
    public TaskPresets ToPresets() => VoicePackIds.All.Contains(Voice) || Guid.TryParseExact(Voice, "D", out _)
        ? SplitArguments.Checked(new VoiceChangePresets
        {
            VoicePackId = Voice,
            Accent = Accent,
            DereverbEnabled = Dereverb == true ? true : null,
            EncoderFormat = Format,
        }.Normalize())
        : throw new LalalAiFunctionException($"{Quoted.Of(Voice)} is not the ID of a voice. The tool account lists the voices.");
}

internal sealed record JobArguments
{
    public required string Job { get; init; }
}

internal sealed record WaitArguments
{
    public required string Job { get; init; }

    [Description("From 0 to 45. Default: 30.")]
    public int WaitSeconds { get; init; } = 30;
}

internal sealed record NoArguments;

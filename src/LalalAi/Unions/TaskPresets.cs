using LalalAi.Generated;
using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>
/// What a task runs with, as a check tells it. The cases are <see cref="StemSeparatorTaskPresets"/>, <see cref="DemuserTaskPresets"/>,
/// <see cref="VoiceCleanTaskPresets"/>, <see cref="MultistemTaskPresets"/>, <see cref="VoiceChangeTaskPresets"/> and <see cref="UnknownTaskPresets"/>.
/// </summary>
public abstract record TaskPresets
{
    private protected TaskPresets()
    {
    }

    /// <summary>The presets as they came, for what is not declared here.</summary>
    public JToken Raw { get; init; } = JValue.CreateNull();
}

/// <summary>The presets of a stem separation (<c>task_type</c> <c>split</c>, <c>label</c> <c>stem_separator</c>).</summary>
/// <param name="Presets">The presets.</param>
public sealed record StemSeparatorTaskPresets(StemSeparatorPresets Presets) : TaskPresets;

/// <summary>The presets of a removal of music from speech (<c>task_type</c> <c>split</c>, <c>label</c> <c>demuser</c>).</summary>
/// <param name="Presets">The presets.</param>
public sealed record DemuserTaskPresets(DemuserPresets Presets) : TaskPresets;

/// <summary>The presets of a removal of noise from a voice (<c>task_type</c> <c>split</c>, <c>label</c> <c>voice_clean</c>).</summary>
/// <param name="Presets">The presets.</param>
public sealed record VoiceCleanTaskPresets(VoiceCleanPresets Presets) : TaskPresets;

/// <summary>The presets of a separation into several stems (<c>task_type</c> <c>split</c>, <c>label</c> <c>multistem</c>).</summary>
/// <param name="Presets">The presets.</param>
public sealed record MultistemTaskPresets(MultistemPresets Presets) : TaskPresets;

/// <summary>The presets of a voice change (<c>task_type</c> <c>voice_convert</c>).</summary>
/// <param name="Presets">The presets.</param>
public sealed record VoiceChangeTaskPresets(VoiceChangePresets Presets) : TaskPresets;

/// <summary>Presets of a kind that this version of the library does not know; the service has been seen to answer <c>label: enhanced</c>.</summary>
public sealed record UnknownTaskPresets : TaskPresets;

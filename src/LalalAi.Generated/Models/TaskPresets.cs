using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>
/// The parameters of a task. Their type selects the kind of task. The cases are <see cref="StemSeparatorPresets"/>,
/// <see cref="MultistemPresets"/>, <see cref="DemuserPresets"/>, <see cref="VoiceCleanPresets"/>, <see cref="VoiceChangePresets"/> and, for
/// kinds that the service adds, <see cref="UnknownTaskPresets"/>. The same type starts a task and is part of its state.
/// </summary>
/// <remarks>In JSON, a case carries the contract's discriminators: <c>task_type</c>, and <c>label</c> for the kinds of split.</remarks>
[JsonConverter(typeof(TaskPresetsConverter))]
[System.Text.Json.Serialization.JsonConverter(typeof(ContractJsonConverter))]
public abstract record TaskPresets
{
    private protected TaskPresets()
    {
    }
}

/// <content>A case of <see cref="TaskPresets"/>.</content>
public partial record StemSeparatorPresets : TaskPresets;

/// <content>A case of <see cref="TaskPresets"/>.</content>
public partial record MultistemPresets : TaskPresets;

/// <content>A case of <see cref="TaskPresets"/>.</content>
public partial record DemuserPresets : TaskPresets;

/// <content>A case of <see cref="TaskPresets"/>.</content>
public partial record VoiceCleanPresets : TaskPresets;

/// <content>A case of <see cref="TaskPresets"/>.</content>
public partial record VoiceChangePresets : TaskPresets;

/// <summary>
/// Presets of a kind that this version of the library does not know, for example with <c>label: enhanced</c>, which the service has
/// returned. They cannot start a task.
/// </summary>
[System.Text.Json.Serialization.JsonConverter(typeof(ContractJsonConverter))]
public sealed record UnknownTaskPresets : TaskPresets
{
    /// <summary>The presets as the service sent them.</summary>
    public JToken Raw { get; init; } = JValue.CreateNull();

    /// <summary>Returns whether both contain the same JSON.</summary>
    public bool Equals(UnknownTaskPresets? other) => other is not null && JToken.DeepEquals(Raw, other.Raw);

    /// <inheritdoc/>
    public override int GetHashCode() => JToken.EqualityComparer.GetHashCode(Raw);
}

using LalalAi.Models;
using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>A voice that the voice in a recording can be changed into.</summary>
public sealed record VoicePack
{
    /// <summary>The ID for <see cref="VoiceChangePresets.VoicePackId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the pack.</summary>
    public required string Name { get; init; }

    /// <summary>When the pack was created, in UTC, or <see langword="null"/> if the service did not send it.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>
    /// Whether the pack can be used yet, or <see langword="null"/> if the service did not send it: the contract does not declare the field.
    /// </summary>
    public bool? IsReady { get; init; }

    internal static VoicePack From(VoicePackInfo info) => new()
    {
        Id = info.PackId,
        Name = info.Name,
        CreatedAt = ServiceTime.FromUnixSeconds(info.Created),
        IsReady = info.AdditionalProperties?.TryGetValue("ready_to_use", out var ready) == true
            && ready is JValue { Type: JTokenType.Boolean } value
            ? (bool)value
            : null,
    };
}

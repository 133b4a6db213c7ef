using LalalAi.Generated;
using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>A voice that a recording's voice can be changed into.</summary>
public sealed record VoicePack
{
    /// <summary>The id for <see cref="VoiceChangePresets.VoicePackId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The name that it was given.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it can be used yet, or <see langword="null"/> when the service does not say: the field is not in the contract, but has been seen.</summary>
    public bool? IsReady { get; init; }

    internal static VoicePack From(VoicePackInfo info) => new()
    {
        Id = info.PackId,
        Name = info.Name,
        CreatedAt = UnixTime.FromSeconds(info.Created),
        IsReady = info.AdditionalProperties?.TryGetValue("ready_to_use", out var ready) == true && ready is JValue { Type: JTokenType.Boolean } value ? (bool)value : null,
    };
}

using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>Properties of a JSON object that the contract does not declare. Two instances with equal content are equal.</summary>
#pragma warning disable CA1710 // The name is the contract's term.
public sealed class AdditionalProperties : Dictionary<string, JToken>, IEquatable<AdditionalProperties>
#pragma warning restore CA1710
{
    /// <summary>Creates an empty set of properties.</summary>
    public AdditionalProperties()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>Returns whether both contain the same properties with the same values, in any order.</summary>
    public bool Equals(AdditionalProperties? other) =>
        other is not null
        && Count == other.Count
        && this.All(property => other.TryGetValue(property.Key, out var value) && JToken.DeepEquals(property.Value, value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AdditionalProperties);

    /// <inheritdoc/>
    public override int GetHashCode() => Count;

    /// <summary>Returns the names of the properties, without their values.</summary>
    public override string ToString() => $"[{string.Join(", ", Keys)}]";
}

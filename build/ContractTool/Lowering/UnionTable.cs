using Newtonsoft.Json;

namespace LalalAi.ContractTool.Lowering;

/// <summary>A discriminated union of the contract: where it stands and which value of which property selects which schema.</summary>
/// <param name="Location">The JSONPath of the union in the contract, with the C# names of the schemas.</param>
/// <param name="Choice">How the member is chosen.</param>
internal sealed record UnionTable(
    [property: JsonProperty("location", Order = 0)] string Location,
    [property: JsonProperty("choice", Order = 1)] UnionChoice Choice);

/// <summary>A discriminator property with, for each of its values, a schema's name or a further choice.</summary>
internal sealed record UnionChoice(
    [property: JsonProperty("property", Order = 0)] string Property,
    [property: JsonProperty("members", Order = 1)] IReadOnlyDictionary<string, UnionMember> Members);

/// <summary>What a discriminator's value selects: a schema, or a further choice inside it. Exactly one of the two is set.</summary>
internal sealed record UnionMember(
    [property: JsonProperty("schema", NullValueHandling = NullValueHandling.Ignore)] string? Schema,
    [property: JsonProperty("choice", NullValueHandling = NullValueHandling.Ignore)] UnionChoice? Choice);

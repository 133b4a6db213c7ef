using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// A choice between plain types, such as <c>anyOf: [string, integer]</c> or <c>type: [string, integer]</c> -> any value. NSwag takes the
/// first type for the whole, and reading the second throws.
/// </summary>
internal sealed class MixedTypesRule : ILoweringRule
{
    private static readonly string[] PlainTypes = ["string", "integer", "number", "boolean"];

    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var schema in Schemas.In(context.Document))
        {
            foreach (var keyword in new[] { "anyOf", "oneOf", "type" })
            {
                if (schema[keyword] is JArray { Count: > 1 } alternatives && alternatives.All(IsPlain))
                {
                    // What narrows one of the types would stand beside no type at all.
                    foreach (var member in schema
                        .Properties()
                        .Where(member => member.Name is not ("description" or "nullable" or "deprecated" or "examples"))
                        .ToList())
                    {
                        member.Remove();
                    }

                    count++;
                }
            }
        }

        return count;
    }

    private static bool IsPlain(JToken alternative) =>
        PlainTypes.Contains((alternative is JObject schema ? schema["type"] : alternative).AsText());
}

using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// A <c>$ref</c> with keywords beside it -> <c>allOf</c> of the one reference, with the keywords beside that. OpenAPI 3.0 and NSwag ignore
/// the siblings of a <c>$ref</c>: the property would lose its description and its <c>nullable</c>.
/// </summary>
internal sealed class ReferenceSiblingsRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var schema in Schemas.In(context.Document).Where(schema => schema.Count > 1 && schema["$ref"] is JValue))
        {
            var reference = schema["$ref"]!;
            schema.Remove("$ref");
            schema["allOf"] = new JArray([new JObject { ["$ref"] = reference }, .. schema["allOf"] as JArray ?? []]);
            count++;
        }

        return count;
    }
}

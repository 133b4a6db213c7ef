using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// <c>anyOf</c> of string enums -> one enum with the values of all. NSwag takes the first alternative for the whole. An enum that
/// nothing else refers to goes with it.
/// </summary>
internal sealed class StringEnumUnionsRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var document = context.Document;
        var count = 0;
        foreach (var schema in Schemas.In(document))
        {
            if (schema["anyOf"] is not JArray alternatives)
            {
                continue;
            }

            var enums = alternatives
                .OfType<JObject>()
                .Select(alternative => alternative["$ref"] is { } reference ? document.Resolve(reference) : alternative)
                .ToList();
            if (enums.Count != alternatives.Count || !enums.All(IsStringEnum))
            {
                continue;
            }

            var references = alternatives.Select(alternative => alternative["$ref"].AsText()).OfType<string>().ToList();
            schema.Remove("anyOf");
            schema["type"] = "string";
            schema["enum"] = new JArray(enums.SelectMany(values => values["enum"]!).Distinct(JToken.EqualityComparer));
            foreach (var values in enums)
            {
                InlineEnumsRule.MergeNames((JObject)values.DeepClone(), schema);
            }

            document.RemoveUnreferencedSchemas(references);
            count++;
        }

        return count;
    }

    private static bool IsStringEnum(JObject schema) => schema["type"].AsText() == "string" && schema["enum"] is JArray;
}

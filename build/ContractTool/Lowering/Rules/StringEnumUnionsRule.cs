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

            var enums = alternatives.OfType<JObject>().Select(alternative => alternative["$ref"] is { } reference ? document.Resolve(reference) : alternative).ToList();
            if (enums.Count != alternatives.Count || !enums.All(IsStringEnum))
            {
                continue;
            }

            var references = alternatives.Select(alternative => (string?)alternative["$ref"]).OfType<string>().ToList();
            schema.Remove("anyOf");
            schema["type"] = "string";
            schema["enum"] = new JArray(enums.SelectMany(values => values["enum"]!).Distinct(JToken.EqualityComparer));
            RemoveUnreferenced(document, references);
            count++;
        }

        return count;
    }

    private static bool IsStringEnum(JObject schema) => (string?)schema["type"] == "string" && schema["enum"] is JArray;

    private static void RemoveUnreferenced(OpenApiDocument document, IEnumerable<string> references)
    {
        foreach (var reference in references)
        {
            var isUsed = document.Root.Descendants().OfType<JValue>().Any(value => value.Type == JTokenType.String && (string?)value == reference);
            if (!isUsed)
            {
                document.Schemas.Remove(OpenApiDocument.NameOf(reference));
            }
        }
    }
}

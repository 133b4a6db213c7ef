using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Documents;

/// <summary>Finds every schema of a document, wherever it is nested.</summary>
internal static class Schemas
{
    private static readonly string[] ListKeywords = ["allOf", "anyOf", "oneOf", "prefixItems"];
    private static readonly string[] SingleKeywords = ["items", "additionalProperties", "not"];

    /// <summary>
    /// All schemas, an outer one before those inside it. The list is taken before it is returned, so a rule may change what it walks over.
    /// </summary>
    public static IReadOnlyList<JObject> In(OpenApiDocument document)
    {
        var found = new List<JObject>();
        foreach (var root in Roots(document))
        {
            Collect(root, found);
        }

        return found;
    }

    /// <summary>Whether a token still belongs to the document, or was cut out of it by an earlier step of the same walk.</summary>
    public static bool IsAttached(JObject schema, OpenApiDocument document) => schema.Root == document.Root;

    /// <summary>The name and schema of each property.</summary>
    public static IEnumerable<(string Name, JObject Schema)> PropertiesOf(JObject schema) =>
        from property in (schema["properties"] as JObject)?.Properties() ?? []
        where property.Value is JObject
        select (property.Name, (JObject)property.Value);

    public static bool IsRequired(JObject schema, string property) =>
        schema["required"] is JArray required && required.Any(name => name.AsText() == property);

    private static IEnumerable<JToken?> Roots(OpenApiDocument document)
    {
        foreach (var schema in document.Schemas.Properties())
        {
            yield return schema.Value;
        }

        foreach (var (_, _, operation) in document.Operations())
        {
            foreach (var parameter in operation["parameters"] as JArray ?? [])
            {
                yield return (parameter as JObject)?["schema"];
            }

            foreach (var content in Contents(operation["requestBody"]).Concat(
                (operation["responses"] as JObject)?.PropertyValues().SelectMany(Contents) ?? []))
            {
                yield return (content as JObject)?["schema"];
            }
        }
    }

    private static IEnumerable<JToken> Contents(JToken? body) => ((body as JObject)?["content"] as JObject)?.PropertyValues() ?? [];

    private static void Collect(JToken? token, List<JObject> found)
    {
        if (token is not JObject schema)
        {
            return;
        }

        found.Add(schema);
        foreach (var (_, property) in PropertiesOf(schema))
        {
            Collect(property, found);
        }

        foreach (var keyword in ListKeywords)
        {
            foreach (var member in schema[keyword] as JArray ?? [])
            {
                Collect(member, found);
            }
        }

        foreach (var keyword in SingleKeywords)
        {
            Collect(schema[keyword], found);
        }
    }
}

using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Contract;

/// <summary>Converts the schemas of an OpenAPI 3.1 document into the dialect of JSON Schema that the validator supports.</summary>
internal static class JsonSchemaRules
{
    private const string OpenApiPrefix = "#/components/schemas/";
    private const string JsonSchemaPrefix = "#/definitions/";

    // Constants in the members of a union select the same member as the discriminator, and validators reject the nested discriminators of
    // the contract. The other keywords do not affect validity.
    private static readonly string[] Annotations = ["discriminator", "description", "title", "example", "examples", "default"];

    public static JToken Rewrite(JToken schema) => schema is JObject keywords ? RewriteKeywords(keywords) : schema.DeepClone();

    private static JObject RewriteKeywords(JObject schema)
    {
        var result = new JObject();
        foreach (var (keyword, value) in schema)
        {
            switch (keyword)
            {
                case var _ when Annotations.Contains(keyword):
                    break;
                case "const":
                    result["enum"] = new JArray(value!.DeepClone());
                    break;
                case "$ref":
                    result["$ref"] = Relocate((string)value!);
                    break;
                case "properties":
                    var properties = ((JObject)value!).Properties();
                    result["properties"] = new JObject(
                        properties.Select(property => new JProperty(property.Name, Rewrite(property.Value))));
                    break;
                case "anyOf" or "allOf" or "oneOf":
                    result[keyword] = new JArray(value!.Select(Rewrite));
                    break;
                case "items" or "additionalProperties" or "not":
                    result[keyword] = Rewrite(value!);
                    break;
                default:
                    result[keyword] = value!.DeepClone();
                    break;
            }
        }

        return result;
    }

    private static string Relocate(string reference) => reference.StartsWith(OpenApiPrefix, StringComparison.Ordinal)
        ? JsonSchemaPrefix + reference[OpenApiPrefix.Length..]
        : throw new NotSupportedException($"The contract refers to '{reference}'; only references to its schemas are understood.");
}

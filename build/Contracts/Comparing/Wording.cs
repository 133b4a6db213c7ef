using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>Says facts in words.</summary>
public static class Wording
{
    /// <summary>What kind of value a schema describes, for example <c>array of string</c>.</summary>
    public static string TypeOf(JObject facts)
    {
        if (facts["$ref"].AsText() is { } reference)
        {
            return OpenApiDocument.NameOf(reference);
        }

        if ((facts["oneOf"] ?? facts["anyOf"] ?? facts["allOf"]) is JArray members)
        {
            return facts["discriminator"]?["propertyName"].AsText() is { } property
                ? $"union by `{property}`"
                : $"union of {string.Join(", ", members.OfType<JObject>().Select(TypeOf))}";
        }

        return facts["type"] switch
        {
            JArray types => string.Join(" or ", types.Select(type => type.AsText())),
            var type when type.AsText() == "array" => facts["items"] is JObject items ? $"array of {TypeOf(items)}" : "array",
            var type when type.AsText() == "object" && facts["additionalProperties"] is JObject values => $"map of {TypeOf(values)}",
            var type => type.AsText() ?? "any value",
        };
    }

    /// <summary><c>an integer</c>, <c>a string</c>.</summary>
    public static string WithArticle(string type) =>
        type == "any value" ? type : $"{("aeio".Contains(char.ToLowerInvariant(type[0])) ? "an" : "a")} {type}";

    /// <summary>What callers do with a value.</summary>
    public static string Use(Direction direction) => direction switch
    {
        Direction.Request => "send",
        Direction.Response => "read",
        _ => "send and read",
    };

    /// <summary>A value of a contract; plain text without quotation marks.</summary>
    public static string Value(JToken? value) => value switch
    {
        null => "none",
        _ when value.AsText() is { Length: > 0 } text => text,
        _ => SchemaFacts.TextOf(value),
    };
}

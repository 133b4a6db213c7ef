using LalalAi.Contracts.Documents;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>
/// Reduces a schema to its facts in one notation: no prose, no order where order means nothing, one way to say null. Two schemas that
/// accept the same values in the same words become equal trees.
/// </summary>
public static class SchemaFacts
{
    private static readonly HashSet<string> Prose = ["title", "description", "summary", "example", "examples", "externalDocs", "$comment"];
    private static readonly HashSet<string> Flags =
        ["nullable", "readOnly", "writeOnly", "deprecated", "uniqueItems", "exclusiveMinimum", "exclusiveMaximum"];

    /// <summary>Whether a keyword of a schema, operation or the like (not the name of a property) is there for people only.</summary>
    public static bool IsProse(string keyword) => Prose.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal);

    public static JObject Of(JToken? schema)
    {
        if (schema is not JObject source)
        {
            // The boolean schemas: `true` takes anything, `false` nothing.
            return schema is JValue { Value: false } ? new JObject { ["not"] = new JObject() } : [];
        }

        var facts = new JObject();
        foreach (var property in source.Properties().Where(property => !IsProse(property.Name)))
        {
            if (FactOf(property.Name, property.Value) is { } fact)
            {
                facts[property.Name] = fact;
            }
        }

        NameBinaryContent(facts);
        TakeNullOut(facts);
        Unwrap(facts, "anyOf");
        Unwrap(facts, "allOf");
        if (facts["discriminator"] is null)
        {
            Unwrap(facts, "oneOf");
        }

        DropMembersOfTheMapping(facts);
        MoveExclusiveBound(facts, "minimum", "exclusiveMinimum");
        MoveExclusiveBound(facts, "maximum", "exclusiveMaximum");
        if (facts["type"] is null && TypeOf(facts) is { } type)
        {
            facts["type"] = type;
        }

        return Sort(facts);
    }

    /// <summary>A value with its keys in order and its whole numbers written alike: <c>1.0</c> is <c>1</c>.</summary>
    public static JToken Plain(JToken value) => value switch
    {
        JObject mapping => Sorted(mapping.Properties().Select(property => new JProperty(property.Name, Plain(property.Value)))),
        JArray list => new JArray(list.Select(Plain)),
        JValue { Value: double number } when double.IsInteger(number) && Math.Abs(number) < 1e15 => new JValue((long)number),
        _ => value.DeepClone(),
    };

    /// <summary>
    /// A mapping with its keys in order. The properties are in no other mapping: Newtonsoft copies a token that has a parent.
    /// </summary>
    internal static JObject Sorted(IEnumerable<JProperty> properties) =>
        new(properties.OrderBy(property => property.Name, StringComparer.Ordinal));

    public static string TextOf(JToken value) => value.ToString(Formatting.None);

    /// <summary>Whether the bounds keep an integer inside 32 bits.</summary>
    public static bool FitsInt32(JObject schema) =>
        (double?)(schema["minimum"] ?? schema["exclusiveMinimum"] as JValue) >= int.MinValue
        && (double?)(schema["maximum"] ?? schema["exclusiveMaximum"] as JValue) <= int.MaxValue;

    private static JToken? FactOf(string keyword, JToken value) => (keyword, value) switch
    {
        ("properties" or "patternProperties" or "$defs", JObject schemas) => schemas.Count == 0 ? null : MapOf(schemas),
        ("items" or "not" or "contains" or "propertyNames" or "if" or "then" or "else", _) =>
            Of(value) is var inner && inner.Count == 0 && keyword == "items" ? null : inner,
        ("additionalProperties", JValue { Value: true }) => null,
        ("additionalProperties", JObject) => Of(value) is { Count: > 0 } values ? values : null,
        ("oneOf" or "anyOf" or "allOf", JArray members) => SortedList(members.Select(Of)),
        ("prefixItems", JArray members) => new JArray(members.Select(Of)),
        ("required" or "enum", JArray names) => names.Count == 0 ? null : SortedList(names.Select(Plain)),
        ("discriminator", JObject discriminator) => DiscriminatorOf(discriminator),
        (_, JValue { Value: false }) when Flags.Contains(keyword) => null,
        _ => Plain(value),
    };

    private static JObject MapOf(JObject schemas) =>
        Sorted(schemas.Properties().Select(property => new JProperty(property.Name, Of(property.Value))));

    private static JArray SortedList(IEnumerable<JToken> values) => new(values.DistinctBy(TextOf).OrderBy(TextOf, StringComparer.Ordinal));

    private static JObject DiscriminatorOf(JObject discriminator)
    {
        var facts = new JObject(discriminator
            .Properties()
            .Where(property => !IsProse(property.Name))
            .Select(property => new JProperty(property.Name, property.Value.DeepClone())));
        if (facts["mapping"] is JObject mapping)
        {
            facts["mapping"] = Sort(new JObject(
                mapping.Properties().Select(entry => new JProperty(entry.Name, entry.Value is JObject ? Of(entry.Value) : entry.Value))));
        }

        return Sort(facts);
    }

    /// <summary>What OpenAPI 3.0 calls <c>format: binary</c>, 3.1 says with the type of the content.</summary>
    private static void NameBinaryContent(JObject facts)
    {
        if (facts["contentMediaType"].AsText() == "application/octet-stream" && facts["contentEncoding"] is null && facts["format"] is null)
        {
            facts.Remove("contentMediaType");
            facts["format"] = "binary";
        }
    }

    /// <summary><c>type: [T, null]</c>, <c>anyOf: [T, null]</c> and <c>nullable: true</c> say the same.</summary>
    private static void TakeNullOut(JObject facts)
    {
        if (facts["type"] is JArray types)
        {
            var others = types.Where(type => type.AsText() != "null").ToList();
            if (others.Count < types.Count && others.Count > 0)
            {
                facts["nullable"] = true;
            }

            facts["type"] = others.Count == 1 ? others[0] : SortedList(others.Count == 0 ? types : others);
        }

        foreach (var keyword in new[] { "anyOf", "oneOf" })
        {
            if (facts[keyword] is JArray alternatives
                && alternatives.Count > 1
                && alternatives.FirstOrDefault(alternative => alternative["type"].AsText() == "null") is { } nothing)
            {
                nothing.Remove();
                facts["nullable"] = true;
            }
        }
    }

    /// <summary>A list of one alternative is that alternative, unless it contradicts what stands beside the list.</summary>
    private static void Unwrap(JObject facts, string keyword)
    {
        if (facts[keyword] is JArray { Count: 1 } list
            && list[0] is JObject only
            && only.Properties().All(member => facts[member.Name] is not { } beside || JToken.DeepEquals(beside, member.Value)))
        {
            facts.Remove(keyword);
            foreach (var member in only.Properties().Where(member => facts[member.Name] is null).ToList())
            {
                member.Remove();
                facts.Add(member);
            }
        }
    }

    /// <summary>A nested union stands in the list and in the mapping; the mapping also says which value selects it.</summary>
    private static void DropMembersOfTheMapping(JObject facts)
    {
        var nested = (facts["discriminator"]?["mapping"] as JObject)?.PropertyValues().OfType<JObject>().ToList() ?? [];
        foreach (var member in (facts["oneOf"] as JArray)?.Where(
            member => nested.Exists(entry => JToken.DeepEquals(entry, member))).ToList()
            ?? [])
        {
            member.Remove();
        }
    }

    /// <summary>OpenAPI 3.0 has a flag beside the bound, 3.1 the bound itself.</summary>
    private static void MoveExclusiveBound(JObject facts, string bound, string exclusive)
    {
        if (facts[exclusive] is JValue { Value: true } && facts[bound] is { } value)
        {
            facts[exclusive] = value;
            facts.Remove(bound);
        }
    }

    private static JToken? TypeOf(JObject facts)
    {
        if (facts["properties"] is not null || facts["additionalProperties"] is not null)
        {
            return "object";
        }

        if (facts["items"] is not null)
        {
            return "array";
        }

        return (facts["const"] ?? facts["enum"]?.FirstOrDefault())?.Type switch
        {
            JTokenType.String => "string",
            JTokenType.Integer => "integer",
            JTokenType.Float => "number",
            JTokenType.Boolean => "boolean",
            _ => null,
        };
    }

    private static JObject Sort(JObject mapping)
    {
        var properties = mapping.Properties().ToList();
        mapping.RemoveAll();
        return Sorted(properties);
    }
}

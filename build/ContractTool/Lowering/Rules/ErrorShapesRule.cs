using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// The contract's error bodies, alone or as alternatives -> one <c>ApiErrorResponse</c> that holds the properties of all. NSwag makes a new
/// class of every inline <c>anyOf</c> (<c>Response</c> … <c>Response12</c>), and reads only what the first alternative declares.
/// </summary>
internal sealed class ErrorShapesRule : ILoweringRule
{
    public const string Name = "ApiErrorResponse";

    private static readonly string[] TypeKeywords = ["type", "$ref", "anyOf", "oneOf"];

    public int Apply(LoweringContext context)
    {
        var document = context.Document;
        var bodies = ErrorBodies(document)
            .Select(body => (Body: body, Shapes: ShapesOf(body)))
            .Where(body => body.Shapes.Exists(IsReference))
            .ToList();
        if (bodies.Count == 0)
        {
            return 0;
        }

        var shapes = bodies.SelectMany(body => body.Shapes).ToList();
        var references = shapes.Where(IsReference).Select(shape => (string)shape["$ref"]!).Distinct().ToList();
        if (document.Schemas[Name] is { } other && !references.Contains(OpenApiDocument.SchemaReferencePrefix + Name))
        {
            throw new ContractException(
                "LC0220",
                $"The contract has a schema `{Name}` that is no error body, and the error bodies get that name. Give the schema another "
                    + $"one with `{SchemaNamesRule.NameExtension}` in the overlay.",
                SourceLocation.Of(other));
        }

        var merged = Merge([.. shapes.Select(shape => IsReference(shape) ? document.Resolve(shape["$ref"]) : shape).Distinct()]);
        foreach (var (body, _) in bodies)
        {
            body.Replace(OpenApiDocument.ReferenceTo(Name));
        }

        document.RemoveUnreferencedSchemas(references);
        document.Schemas[Name] = merged;
        return bodies.Count;
    }

    private static List<JObject> ErrorBodies(OpenApiDocument document) =>
    [
        .. from operation in document.Operations()
           from response in (operation.Operation["responses"] as JObject)?.Properties() ?? []
           where !response.Name.StartsWith('2')
           from content in (response.Value["content"] as JObject)?.PropertyValues() ?? []
           let schema = content["schema"] as JObject
           where schema is not null
           select schema,
    ];

    private static List<JObject> ShapesOf(JObject body) =>
        IsReference(body) ? [body] : [.. ((body["anyOf"] ?? body["oneOf"]) as JArray ?? []).OfType<JObject>()];

    private static bool IsReference(JObject shape) => shape["$ref"] is JValue;

    private static JObject Merge(IReadOnlyList<JObject> shapes)
    {
        var properties = new JObject();
        foreach (var (name, schema) in shapes.SelectMany(Schemas.PropertiesOf))
        {
            properties[name] = HasOneType(schema) && (properties[name] is not JObject known || IsSameType(known, schema))
                ? properties[name] ?? schema.DeepClone()
                : AnyValue(schema["description"] ?? properties[name]?["description"]);
        }

        var required =
            properties.Properties().Select(property => property.Name).Where(name => shapes.All(shape => Schemas.IsRequired(shape, name)));
        return new JObject
        {
            ["type"] = "object",
            ["description"] = "What the service answers when it refuses a request.",
            ["properties"] = properties,
            ["required"] = new JArray(required),
        };
    }

    private static JObject AnyValue(JToken? description) => description is null ? [] : new JObject { ["description"] = description };

    /// <summary>Whether the generator can type the property: it is not a choice, or one between a type and null.</summary>
    private static bool HasOneType(JObject schema) =>
        (schema["anyOf"] ?? schema["oneOf"]) is not JArray alternatives
            || alternatives.Count(alternative => !NullableTypesRule.IsNull(alternative)) == 1;

    private static bool IsSameType(JObject left, JObject right) =>
        TypeKeywords.All(keyword => JToken.DeepEquals(left[keyword], right[keyword]));
}

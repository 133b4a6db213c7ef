using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// The contract's error bodies, alone or as alternatives -> one <c>ErrorResponse</c> that holds the properties of all. NSwag makes a new
/// class of every inline <c>anyOf</c> (<c>Response</c> … <c>Response12</c>), and reads only what the first alternative declares.
/// </summary>
internal sealed class ErrorShapesRule : ILoweringRule
{
    public const string Name = "ErrorResponse";

    public int Apply(LoweringContext context)
    {
        var document = context.Document;
        var bodies = ErrorBodies(document).Select(body => (Body: body, Shapes: ShapesOf(body))).Where(body => body.Shapes.Count > 0).ToList();
        if (bodies.Count == 0)
        {
            return 0;
        }

        var shapes = bodies.SelectMany(body => body.Shapes).Distinct().ToList();
        var merged = Merge([.. shapes.Select(shape => document.Resolve(new JValue(shape)))]);
        foreach (var shape in shapes)
        {
            document.Schemas.Remove(OpenApiDocument.NameOf(shape));
        }

        document.Schemas[Name] = merged;
        foreach (var (body, _) in bodies)
        {
            body.Replace(OpenApiDocument.ReferenceTo(Name));
        }

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

    private static List<string> ShapesOf(JObject body) =>
        (body["$ref"] is not null ? [body] : (body["anyOf"] ?? body["oneOf"])?.ToArray() ?? [])
            .Select(shape => (string?)shape["$ref"])
            .OfType<string>()
            .ToList();

    private static JObject Merge(IReadOnlyList<JObject> shapes)
    {
        var properties = new JObject();
        foreach (var (name, schema) in shapes.SelectMany(Schemas.PropertiesOf))
        {
            properties[name] = properties[name] is JObject known && !IsSameType(known, schema)
                ? new JObject { ["description"] = schema["description"] ?? known["description"] }
                : properties[name] ?? schema.DeepClone();
        }

        var required = properties.Properties().Select(property => property.Name).Where(name => shapes.All(shape => Schemas.IsRequired(shape, name)));
        return new JObject
        {
            ["type"] = "object",
            ["description"] = "What the service answers when it refuses a request.",
            ["properties"] = properties,
            ["required"] = new JArray(required),
        };
    }

    private static bool IsSameType(JObject left, JObject right) => JToken.DeepEquals(left["type"], right["type"]) && JToken.DeepEquals(left["anyOf"], right["anyOf"]);
}

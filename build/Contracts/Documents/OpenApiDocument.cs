using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Documents;

/// <summary>An OpenAPI 3 document as a JSON tree, with the few look-ups that rules and comparisons share.</summary>
public sealed partial class OpenApiDocument
{
    public const string SchemaReferencePrefix = "#/components/schemas/";

    /// <summary>The methods a path item can have, in the order of the OpenAPI specification.</summary>
    public static readonly ImmutableArray<string> Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private static readonly HashSet<string> NameMaps =
        ["$defs", "content", "headers", "mapping", "parameters", "paths", "patternProperties", "properties", "requestBodies", "responses",
            "schemas", "securitySchemes"];

    private OpenApiDocument(JObject root, string file)
    {
        Root = root;
        File = file;
    }

    public JObject Root { get; }

    public string File { get; }

    /// <summary>The schemas by name; made when the document has none.</summary>
    public JObject Schemas
    {
        get
        {
            var components = GetOrAdd(Root, "components");
            return GetOrAdd(components, "schemas");
        }
    }

    public static OpenApiDocument Load(string path) => Check(JsonDocumentReader.ReadFile(path), path);

    public static OpenApiDocument Parse(string text, string file) => Check(JsonDocumentReader.ReadText(text, file), file);

    /// <summary>A copy of the whole document. Its values know where they came from, too.</summary>
    public OpenApiDocument Copy() => new((JObject)Root.DeepClone(), File);

    /// <summary>The schema that a <c>$ref</c> names.</summary>
    public JObject Resolve(JToken? reference)
    {
        var target = reference.AsText() ?? string.Empty;
        if (target.StartsWith(SchemaReferencePrefix, StringComparison.Ordinal) && Schemas[NameOf(target)] is JObject schema)
        {
            return schema;
        }

        throw new ContractException(
            "LC0012",
            $"`{reference?.Path}` refers to `{target}`, which the document does not define. Correct the reference or add the schema.",
            reference is null ? null : SourceLocation.Of(reference));
    }

    /// <summary>
    /// Whether the keys under a keyword are names that the publisher chose, such as those of properties, and not keywords themselves.
    /// </summary>
    public static bool HasNames(string keyword) => NameMaps.Contains(keyword);

    public static string NameOf(string reference) => reference[(reference.LastIndexOf('/') + 1)..];

    public static JObject ReferenceTo(string schemaName) => new() { ["$ref"] = SchemaReferencePrefix + schemaName };

    /// <summary>
    /// The error for a value where OpenAPI has a mapping, as in a document that ends too early; the JSON library only says what it could
    /// not do with it.
    /// </summary>
    public static ContractException WrongForm(OpenApiDocument document, Exception exception) =>
        new(
            "LC0302",
            $"The document is not built as OpenAPI prescribes: {exception.Message} Is it complete?",
            SourceLocation.Of(document.Root),
            exception);

    /// <summary>Every operation with its path and method, in the order of the document.</summary>
    public IEnumerable<(string Path, string Method, JObject Operation)> Operations()
    {
        foreach (var path in (Root["paths"] as JObject)?.Properties() ?? [])
        {
            foreach (var method in (path.Value as JObject)?.Properties().Where(member => Methods.Contains(member.Name)) ?? [])
            {
                if (method.Value is JObject operation)
                {
                    yield return (path.Name, method.Name, operation);
                }
            }
        }
    }

    /// <summary>Removes those of the referenced schemas that nothing refers to any more.</summary>
    public void RemoveUnreferencedSchemas(IEnumerable<string> references)
    {
        foreach (var reference in references)
        {
            if (!Root.Descendants().Any(token => token.AsText() == reference))
            {
                Schemas.Remove(NameOf(reference));
            }
        }
    }

    public string ToJson() => Root.ToString(Formatting.Indented) + "\n";

    private static OpenApiDocument Check(JObject root, string file)
    {
        var version = root["openapi"] is JValue { Value: not null } value ? value.ToString(CultureInfo.InvariantCulture) : null;
        if (version is null || !(SupportedVersion().IsMatch(version)))
        {
            throw new ContractException(
                "LC0010",
                $"The document is not OpenAPI 3.0, 3.1 or 3.2 (its `openapi` is {(version is null ? "missing" : $"`{version}`")}). Ask "
                    + "the publisher for one of these, or convert it first.",
                SourceLocation.Of(root["openapi"] ?? root) ?? new SourceLocation(file, 1, 1));
        }

        if (root["paths"] is not JObject { Count: > 0 })
        {
            throw new ContractException(
                "LC0011",
                "The document has no `paths`: there is nothing to generate. Is the download complete?",
                new SourceLocation(file, 1, 1));
        }

        return new OpenApiDocument(root, file);
    }

    [GeneratedRegex(@"^3\.[012]\.[0-9]+\z")]
    private static partial Regex SupportedVersion();

    private static JObject GetOrAdd(JObject parent, string name)
    {
        if (parent[name] is not JObject child)
        {
            child = [];
            parent[name] = child;
        }

        return child;
    }
}

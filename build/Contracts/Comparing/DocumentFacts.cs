using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>
/// A contract reduced to its facts, operation by operation and schema by schema. All other facts are kept
/// together, so that only prose is lost.
/// </summary>
public sealed class DocumentFacts
{
    private readonly JObject _root;

    private DocumentFacts(OpenApiDocument document)
    {
        _root = document.Root;
        var components = _root["components"] as JObject;
        foreach (var schema in (components?["schemas"] as JObject)?.Properties() ?? [])
        {
            Schemas[schema.Name] = SchemaFacts.Of(schema.Value);
        }

        SecuritySchemes = RestOf(components?["securitySchemes"]);
        Version = _root["info"]?["version"]?.ToString() ?? "none";
        Servers = [.. (_root["servers"] as JArray)?.Select(server => SchemaFacts.TextOf(RestOf(server))) ?? []];
        Rest = RestOf(_root, "info", "tags", "servers", "paths", "security");
        Rest["components"] = RestOf(components, "schemas", "securitySchemes", "parameters", "requestBodies", "responses", "headers");
        var paths = _root["paths"] as JObject ?? [];
        Paths = new JObject(paths
            .Properties()
            .Select(path => new JProperty(path.Name, RestOf(path.Value, ["parameters", "servers", .. OpenApiDocument.Methods]))));
        foreach (var (path, method, operation) in document.Operations())
        {
            Operations[NameOf(path, method)] = OperationOf(operation, (JObject)paths[path]!);
        }
    }

    /// <summary>By name.</summary>
    public Dictionary<string, JObject> Schemas { get; } = [];

    /// <summary>By method and path.</summary>
    public Dictionary<string, JObject> Operations { get; } = [];

    public JObject SecuritySchemes { get; }

    public IReadOnlyList<string> Servers { get; }

    public string Version { get; }

    /// <summary>What a path has beside its operations.</summary>
    public JObject Paths { get; }

    /// <summary>What the document has beside all this.</summary>
    public JObject Rest { get; }

    public static DocumentFacts Of(OpenApiDocument document)
    {
        try
        {
            return new DocumentFacts(document);
        }
        catch (Exception exception) when (exception is InvalidOperationException or InvalidCastException or ArgumentException)
        {
            throw OpenApiDocument.WrongForm(document, exception);
        }
    }

    /// <summary>What an operation is called here, for example <c>POST /api/v1/check/</c>.</summary>
    public static string NameOf(string path, string method) => $"{method.ToUpperInvariant()} {path}";

    private JObject OperationOf(JObject operation, JObject path)
    {
        var facts = RestOf(operation, "tags", "parameters", "requestBody", "responses", "security", "servers");
        var parameters = new JObject();
        foreach (var parameter in new[] { path["parameters"], operation["parameters"] }
            .OfType<JArray>()
            .SelectMany(list => list)
            .Select(Follow))
        {
            var rest = RestOf(parameter, "schema", "name", "in");
            rest["schema"] = SchemaFacts.Of(parameter["schema"]);
            parameters[$"{parameter["in"]} parameter {parameter["name"]}"] = rest;
        }

        facts["parameters"] = parameters;
        if (operation["requestBody"] is { } body)
        {
            facts["requestBody"] = BodyOf(body, isError: false);
        }

        var responses = (operation["responses"] as JObject)?.Properties() ?? [];
        facts["responses"] =
            new JObject(responses.Select(response => new JProperty(response.Name, BodyOf(response.Value, !response.Name.StartsWith('2')))));
        facts["security"] = SecurityOf(operation["security"] ?? _root["security"]);
        if ((operation["servers"] ?? path["servers"]) is { } servers)
        {
            facts["servers"] = SchemaFacts.Plain(servers);
        }

        return facts;
    }

    private JObject BodyOf(JToken body, bool isError)
    {
        var source = Follow(body);
        var facts = RestOf(source, "content");
        var content = new JObject();
        foreach (var type in (source["content"] as JObject)?.Properties() ?? [])
        {
            var schema = SchemaFacts.Of(type.Value["schema"]);
            // One type reads every error body, so a second shape beside the first is a second alternative and not another type.
            content[type.Name] = isError && schema["$ref"] is not null ? new JObject { ["anyOf"] = new JArray(schema) } : schema;
            if (RestOf(type.Value, "schema") is { Count: > 0 } rest)
            {
                facts[$"the {type.Name} part"] = rest;
            }
        }

        facts["content"] = content;
        return facts;
    }

    /// <summary>The alternatives that let a caller in. No requirement and an empty one say the same: no key is needed.</summary>
    private static JArray SecurityOf(JToken? security)
    {
        var alternatives = (security as JArray)?.OfType<JObject>().Select(Describe).Distinct().Order(StringComparer.Ordinal).ToList() ?? [];
        return new JArray(alternatives.Count == 0 ? ["no key"] : alternatives);

        static string Describe(JObject alternative) => alternative.Count == 0
            ? "no key"
            : string.Join(
                " and ",
                alternative
                    .Properties()
                    .Select(scheme =>
                        scheme.Value is JArray { Count: > 0 } scopes ? $"{scheme.Name} {SchemaFacts.TextOf(scopes)}" : scheme.Name)
                    .Order(StringComparer.Ordinal));
    }

    /// <summary>The parameter, body or response that a reference leads to.</summary>
    private JObject Follow(JToken token)
    {
        for (var hops = 0; hops < 8
            && token["$ref"].AsText() is { } reference
            && reference.StartsWith("#/", StringComparison.Ordinal); hops++)
        {
            JToken? target = _root;
            foreach (var segment in reference[2..].Split('/'))
            {
                target =
                    (target as JObject)?[segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
            }

            if (target is null)
            {
                break;
            }

            token = target;
        }

        return token as JObject ?? [];
    }

    /// <summary>Everything that has no rule of its own, without the prose in it.</summary>
    private static JObject RestOf(JToken? token, params string[] except) => SchemaFacts.Sorted(
        from property in (token as JObject)?.Properties() ?? []
        where !SchemaFacts.IsProse(property.Name) && !except.Contains(property.Name)
        select new JProperty(property.Name, property.Value is JObject inner ? RestOf(inner) : SchemaFacts.Plain(property.Value)));
}

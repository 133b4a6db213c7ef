using System.Text.RegularExpressions;
using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Lowering.Rules;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering;

/// <summary>
/// The last step of the lowering: verifies that the document contains only constructs that the generator supports. Any other construct
/// fails the build, because NSwag would silently omit or misread it.
/// </summary>
internal static partial class LoweredDocumentCheck
{
    private static readonly HashSet<string> DocumentKeywords =
        ["openapi", "info", "servers", "paths", "components", "security", "tags", "externalDocs"];

    private static readonly HashSet<string> ComponentKeywords = ["schemas", "securitySchemes"];

    private static readonly HashSet<string> OperationKeywords =
        ["operationId", "summary", "description", "tags", "parameters", "requestBody", "responses", "security", "deprecated",
            "externalDocs"];

    private static readonly HashSet<string> ParameterKeywords =
        ["name", "in", "required", "schema", "description", "example", "examples", "deprecated"];

    private static readonly HashSet<string> SchemaKeywords =
    [
        "$ref", "type", "format", "enum", "properties", "required", "items", "additionalProperties", "allOf", "nullable", "default",
        "description", "title",
        "example", "deprecated", "readOnly", "writeOnly", "externalDocs",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "minItems",
        "maxItems", "uniqueItems",
        "minProperties", "maxProperties",
    ];

    /// <summary>The extensions that rules leave for the generator and its templates; it acts on more of them than are documented.</summary>
    private static readonly HashSet<string> Extensions = ["x-enumNames", "x-originalName", PropertyNamesRule.NameExtension];

    private static readonly HashSet<string> Types = ["object", "array", "string", "integer", "number", "boolean"];

    private static readonly HashSet<string> RequestTypes = ["application/json", "application/octet-stream"];

    public static void Check(OpenApiDocument document)
    {
        CheckKeywords(document.Root, DocumentKeywords, "the document");
        CheckKeywords(document.Root["components"] as JObject ?? [], ComponentKeywords, "`components`");
        foreach (var path in document.Root["paths"]!.OfType<JProperty>())
        {
            CheckKeywords(path.Value as JObject ?? [], [.. OpenApiDocument.Methods, "summary", "description"], "a path");
        }

        CheckSecurity(document.Root["security"], document);
        foreach (var (_, _, operation) in document.Operations())
        {
            CheckOperation(operation);
            CheckSecurity(operation["security"], document);
        }

        foreach (var schema in Schemas.In(document))
        {
            CheckSchema(schema, document);
        }
    }

    private static void CheckOperation(JObject operation)
    {
        CheckKeywords(operation, OperationKeywords, "an operation");
        foreach (var parameter in (operation["parameters"] as JArray ?? []).OfType<JObject>())
        {
            CheckKeywords(parameter, ParameterKeywords, "a parameter");
        }

        if (operation["requestBody"] is { } body)
        {
            CheckContent(body, RequestTypes, "request");
        }

        foreach (var response in (operation["responses"] as JObject)?.Properties() ?? [])
        {
            if (!Status().IsMatch(response.Name))
            {
                throw Unsupported(
                    response, $"the response status `{response.Name}`", "Write a single status, such as 200, or `default` in the overlay");
            }

            CheckContent(response.Value, ["application/json"], "response");
        }
    }

    /// <summary>A scheme that is not there is a document cut off before it: schemes and schemas come last.</summary>
    private static void CheckSecurity(JToken? security, OpenApiDocument document)
    {
        var schemes = document.Root["components"]?["securitySchemes"] as JObject ?? [];
        foreach (var scheme in (security as JArray ?? []).OfType<JObject>().SelectMany(alternative => alternative.Properties()))
        {
            if (schemes[scheme.Name] is null)
            {
                throw new ContractException(
                    "LC0301",
                    $"`$.{scheme.Path}` asks for the security scheme `{scheme.Name}`, which the document does not define. Is the "
                        + "document complete?",
                    SourceLocation.Of(scheme));
            }
        }
    }

    private static void CheckContent(JToken body, IReadOnlyCollection<string> known, string direction)
    {
        if (body["$ref"] is { } reference)
        {
            throw Unsupported(reference, $"a {direction} by reference", "Write it out at the operation, or add a rule that does");
        }

        var types = (body["content"] as JObject)?.Properties().ToList() ?? [];
        if (types.Count > 1 || types.Any(type => !known.Contains(type.Name)))
        {
            throw Unsupported(
                types[^1],
                $"a {direction} of the type {string.Join(" or ", types.Select(type => $"`{type.Name}`"))}",
                $"The client knows {string.Join(" and ", known.Select(type => $"`{type}`"))}, one at a time");
        }
    }

    private static void CheckSchema(JObject schema, OpenApiDocument document)
    {
        if ((schema[SchemaNamesRule.NameExtension] ?? schema[EnumNamesRule.NamesExtension]) is { } name)
        {
            throw Unsupported(
                name,
                $"the name `{name.ToString(Newtonsoft.Json.Formatting.None)}` for something that gets no type of its own",
                "Name only schemas and inline enums");
        }

        CheckKeywords(schema, SchemaKeywords, "a schema");
        if ((schema["properties"] as JObject)?.Properties().FirstOrDefault(property => property.Value is not JObject) is { } property)
        {
            throw Unsupported(property, "a property that is not described by a mapping", "Describe it in the overlay");
        }

        if (schema["$ref"] is { } reference)
        {
            CheckReference(reference, document);
        }

        if (schema["type"] is { } type && (type is not JValue || !Types.Contains((string)type!)))
        {
            throw Unsupported(type, $"the type `{type.ToString(Newtonsoft.Json.Formatting.None)}`", "Narrow it to one type in the overlay");
        }

        if (schema["allOf"] is JArray { Count: not 1 } all)
        {
            throw Unsupported(all, "`allOf` of several schemas", "Write the merged schema in the overlay");
        }

        if (schema["enum"] is JArray values
            && values.Select(value => value.Type).Distinct().ToList() is not ([JTokenType.String] or [JTokenType.Integer]))
        {
            throw Unsupported(
                values, "an enum of mixed types, or of values that are neither text nor integers", "Remove the `enum` in the overlay");
        }
    }

    /// <summary>A chain of references that leads back to itself describes nothing, and the generator follows it for ever.</summary>
    private static void CheckReference(JToken reference, OpenApiDocument document)
    {
        var passed = new HashSet<JObject>();
        for (var target = document.Resolve(reference); ; target = document.Resolve(target["$ref"] ?? target["allOf"]![0]!["$ref"]))
        {
            if (!passed.Add(target))
            {
                throw Unsupported(reference, "a reference that leads back to itself", "Describe the schema in the overlay");
            }

            if ((target["$ref"] ?? (target["allOf"] as JArray)?.FirstOrDefault()?["$ref"]) is null)
            {
                return;
            }
        }
    }

    private static void CheckKeywords(JObject node, HashSet<string> known, string kind)
    {
        foreach (var property in node.Properties())
        {
            if (!known.Contains(property.Name) && !Extensions.Contains(property.Name))
            {
                throw Unsupported(
                    property,
                    $"`{property.Name}` in {kind}",
                    "Add a lowering rule for it in build/ContractTool/Lowering/Rules, or remove it in openapi/csharp.overlay.yml if C# "
                        + "callers do not need it");
            }
        }
    }

    [GeneratedRegex(@"^([1-5][0-9][0-9]|default)\z")]
    private static partial Regex Status();

    private static ContractException Unsupported(JToken place, string construct, string remedy) =>
        new(
            "LC0300",
            $"`$.{place.Path}` has {construct}, which no rule lowers to something that the generator reads well. {remedy}.",
            SourceLocation.Of(place));
}

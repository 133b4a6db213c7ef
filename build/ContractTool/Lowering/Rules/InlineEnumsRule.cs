using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// An enum inside another schema -> a schema of its own, named by <c>x-csharp-name</c> or after its place; places that share a name share
/// the type, with the values of all. NSwag numbers inline enums (<c>Stem2</c>), and makes a separate type at every place.
/// </summary>
internal sealed class InlineEnumsRule : ILoweringRule
{
    private static readonly string[] EnumKeywords = ["type", "enum", "format"];

    public int Apply(LoweringContext context)
    {
        var document = context.Document;
        var made = new HashSet<string>();
        var count = 0;
        foreach (var schema in Schemas.In(document))
        {
            if (schema["enum"] is not JArray values || schema.Parent?.Parent == document.Schemas)
            {
                continue;
            }

            var name = schema[SchemaNamesRule.NameExtension].AsText() ?? NameByPlace(schema);
            if (!CSharpName.IsValid(name))
            {
                throw new ContractException(
                    "LC0241",
                    $"The enum at `{ContractPlace.Of(schema)}` has no name in C#. "
                        + $"{ContractPlace.OverlayEntry(schema, $"{SchemaNamesRule.NameExtension}: NAME")}",
                    SourceLocation.Of(schema));
            }

            schema.Remove(SchemaNamesRule.NameExtension);
            if (document.Schemas[name] is not JObject shared)
            {
                shared = [];
                document.Schemas[name] = shared;
                ContractPlace.Copy(schema, shared);
                made.Add(name);
            }
            else if (!made.Contains(name) || !JToken.DeepEquals(shared["type"], schema["type"]))
            {
                throw new ContractException(
                    "LC0240",
                    $"The enum at `$.{schema.Path}` would be called `{name}`, which is another schema's name. "
                        + $"{ContractPlace.OverlayEntry(schema, $"{SchemaNamesRule.NameExtension}: NAME")}",
                    SourceLocation.Of(schema));
            }

            foreach (var keyword in EnumKeywords.Where(keyword => schema[keyword] is not null))
            {
                shared[keyword] = keyword == "enum" && shared["enum"] is JArray known
                    ? new JArray(known.Concat(values).Distinct(JToken.EqualityComparer))
                    : schema[keyword]!.DeepClone();
                schema.Remove(keyword);
            }

            MergeNames(schema, shared);
            if (shared["description"] is null && (schema["x-type-description"] ?? schema["description"]) is { } description)
            {
                shared["description"] = description;
            }

            schema.Remove("x-type-description");
            schema["$ref"] = OpenApiDocument.SchemaReferencePrefix + name;
            count++;
        }

        return count;
    }

    /// <summary>The overlay's names of values go where the values go.</summary>
    public static void MergeNames(JObject from, JObject to)
    {
        foreach (var name in (from[EnumNamesRule.NamesExtension] as JObject)?.Properties() ?? [])
        {
            to[EnumNamesRule.NamesExtension] ??= new JObject();
            to[EnumNamesRule.NamesExtension]![name.Name] = name.Value;
        }

        if (from != to)
        {
            from.Remove(EnumNamesRule.NamesExtension);
        }
    }

    /// <summary>
    /// The schema's and the property's name in one, for example <c>MultistemPresetsStemList</c>; empty when there is none.
    /// </summary>
    private static string NameByPlace(JObject schema) => string.Concat(
        schema.Ancestors().OfType<JProperty>()
            .Where(property => property.Parent?.Parent is JProperty { Name: "properties" or "schemas" })
            .Select(property => CSharpName.From(property.Name) ?? "-")
            .Reverse());
}

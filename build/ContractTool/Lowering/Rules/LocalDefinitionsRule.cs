using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// A schema in the <c>$defs</c> of another one -> a schema of its own, named after itself or, where that name is taken, after both. NSwag
/// does not know the keyword, and 3.0 has no place for it.
/// </summary>
internal sealed class LocalDefinitionsRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var document = context.Document;
        var count = 0;
        foreach (var owner in document.Schemas.Properties().ToList())
        {
            if (owner.Value["$defs"] is not JObject definitions)
            {
                continue;
            }

            ((JObject)owner.Value).Remove("$defs");
            var names =
                definitions.Properties().ToDictionary(definition => definition.Name, definition => Add(definition, owner, document));
            foreach (var (local, name) in names)
            {
                Redirect([document.Root], $"{OpenApiDocument.SchemaReferencePrefix}{owner.Name}/$defs/{local}", name);
                Redirect(names.Values.Select(added => document.Schemas[added]!).Append(owner.Value), $"#/$defs/{local}", name);
            }

            count += names.Count;
        }

        return count;
    }

    private static string Add(JProperty definition, JProperty owner, OpenApiDocument document)
    {
        var name = document.Schemas[definition.Name] is null ? definition.Name : owner.Name + definition.Name;
        if (document.Schemas[name] is { } other)
        {
            throw new ContractException(
                "LC0290",
                $"`{definition.Name}` in the `$defs` of `{owner.Name}` would be called `{name}`, which is another schema's name already. "
                    + $"{ContractPlace.OverlayEntry(other, $"{SchemaNamesRule.NameExtension}: NAME")}",
                SourceLocation.Of(definition));
        }

        document.Schemas[name] = definition.Value;
        return name;
    }

    private static void Redirect(IEnumerable<JToken> roots, string from, string name)
    {
        foreach (var reference in roots
            .OfType<JContainer>()
            .SelectMany(root => root.DescendantsAndSelf())
            .OfType<JValue>()
            .Where(value => value.AsText() == from))
        {
            reference.Value = OpenApiDocument.SchemaReferencePrefix + name;
        }
    }
}

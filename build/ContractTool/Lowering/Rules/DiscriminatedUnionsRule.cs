using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// A <c>oneOf</c> with a discriminator, nested ones too -> any value, with the union's table kept beside the document. NSwag 14.7 throws on
/// a mapping whose value is a union itself, and turns every other union into its first member.
/// </summary>
internal sealed class DiscriminatedUnionsRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var document = context.Document;
        var count = 0;
        foreach (var schema in Schemas.In(document).Where(schema => schema["oneOf"] is not null && schema["discriminator"] is not null))
        {
            if (!Schemas.IsAttached(schema, document))
            {
                continue; // inside a union that is gone already
            }

            context.Unions.Add(new UnionTable("$." + schema.Path, ReadChoice(schema, document)));
            if (schema["oneOf"]!.Any(NullableTypesRule.IsNull))
            {
                schema["nullable"] = true;
            }

            foreach (var keyword in new[] { "oneOf", "discriminator", "type", "title" })
            {
                schema.Remove(keyword);
            }

            count++;
        }

        return count;
    }

    private static UnionChoice ReadChoice(JObject union, OpenApiDocument document)
    {
        if ((union["discriminator"] as JObject)?["propertyName"].AsText() is not { } property)
        {
            throw new ContractException(
                "LC0210",
                $"The union at `$.{union.Path}` has a discriminator without `propertyName`. Add it, or remove the discriminator in the "
                    + "overlay.",
                SourceLocation.Of(union));
        }

        var members = new SortedDictionary<string, UnionMember>(StringComparer.Ordinal);
        foreach (var entry in (union["discriminator"]!["mapping"] as JObject)?.Properties() ?? [])
        {
            members[entry.Name] = ReadMember(entry.Value, document);
        }

        var nested = members.Values.Count(member => member.Choice is not null);
        foreach (var member in union["oneOf"]!.Where(member => !NullableTypesRule.IsNull(member)))
        {
            if (member["$ref"] is not { } reference)
            {
                // A nested union: its members stand in the mapping, under the value that selects it.
                if (member["discriminator"] is null || nested-- == 0)
                {
                    throw new ContractException(
                        "LC0211",
                        $"`$.{member.Path}` is a member that no value of `{property}` selects. Make it a schema under `components`, or "
                            + "add it to the discriminator's `mapping`.",
                        SourceLocation.Of(member));
                }

                continue;
            }

            document.Resolve(reference);
            var name = OpenApiDocument.NameOf((string)reference!);
            if (!Mentions(members.Values, name))
            {
                members[name] = new UnionMember(name, null); // OpenAPI's implicit mapping: the schema's name is the value
            }
        }

        return new UnionChoice(property, members);
    }

    private static UnionMember ReadMember(JToken target, OpenApiDocument document)
    {
        if (target is JObject nested)
        {
            return new UnionMember(null, ReadChoice(nested, document));
        }

        document.Resolve(target);
        return new UnionMember(OpenApiDocument.NameOf((string)target!), null);
    }

    private static bool Mentions(IEnumerable<UnionMember> members, string schema) =>
        members.Any(member => member.Schema == schema || (member.Choice is { } choice && Mentions(choice.Members.Values, schema)));
}

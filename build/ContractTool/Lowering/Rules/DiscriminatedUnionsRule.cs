using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// A <c>oneOf</c> with a discriminator, nested ones too -> any value, with the union's table kept beside the document. NSwag 14.7 throws on a
/// mapping whose value is a union itself, and turns every other union into its first member.
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
        if ((string?)union["discriminator"]?["propertyName"] is not { } property)
        {
            throw new ContractException("LC0210", $"The union at `$.{union.Path}` has a discriminator without `propertyName`. Add it, or remove the discriminator in the overlay.", SourceLocation.Of(union));
        }

        var members = new SortedDictionary<string, UnionMember>(StringComparer.Ordinal);
        foreach (var entry in (union["discriminator"]!["mapping"] as JObject)?.Properties() ?? [])
        {
            members[entry.Name] = ReadMember(entry.Value, document);
        }

        foreach (var member in union["oneOf"]!)
        {
            if (member["$ref"] is not { } reference)
            {
                continue; // a nested union: its members stand in the mapping
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

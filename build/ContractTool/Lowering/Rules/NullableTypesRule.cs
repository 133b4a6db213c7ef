using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// <c>anyOf: [T, null]</c> and <c>type: [T, null]</c> -> T with <c>nullable: true</c>. NSwag makes an empty class of its own (<c>Encoder_format5</c>)
/// of each such alternative.
/// </summary>
internal sealed class NullableTypesRule : ILoweringRule
{
    public int Apply(LoweringContext context) =>
        Schemas.In(context.Document).Sum(schema => LowerAlternatives(schema, "anyOf") + LowerAlternatives(schema, "oneOf") + LowerTypeList(schema));

    private static int LowerAlternatives(JObject schema, string keyword)
    {
        if (schema[keyword] is not JArray alternatives || alternatives.FirstOrDefault(IsNull) is not { } nothing)
        {
            return 0;
        }

        nothing.Remove();
        schema["nullable"] = true;
        if (alternatives is [JObject only])
        {
            schema.Remove(keyword);
            foreach (var member in only.Properties().Where(member => schema[member.Name] is null).ToList())
            {
                // Moved and not copied: the schemas inside are still to be visited.
                member.Remove();
                schema.Add(member);
            }
        }

        return 1;
    }

    private static int LowerTypeList(JObject schema)
    {
        if (schema["type"] is not JArray types)
        {
            return 0;
        }

        var others = types.Where(type => type.AsText() != "null").ToList();
        if (others.Count != 1 || others.Count == types.Count)
        {
            return 0; // a choice between several types: the final check says so
        }

        schema["nullable"] = true;
        schema["type"] = others[0];
        return 1;
    }

    /// <summary>Whether an alternative stands for null alone.</summary>
    public static bool IsNull(JToken alternative) => (alternative as JObject)?["type"].AsText() == "null";
}

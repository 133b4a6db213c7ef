using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// <c>anyOf: [T, null]</c>, <c>type: [T, null]</c> and an enum with null in it -> T with <c>nullable: true</c>. NSwag makes an empty class
/// of its own (<c>Encoder_format5</c>) of each such alternative.
/// </summary>
internal sealed class NullableTypesRule : ILoweringRule
{
    public int Apply(LoweringContext context) =>
        Schemas
            .In(context.Document)
            .Sum(schema =>
                LowerAlternatives(schema, "anyOf") + LowerAlternatives(schema, "oneOf") + LowerTypeList(schema) + LowerEnum(schema));

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
        if (others.Count == 0 || others.Count == types.Count)
        {
            return 0;
        }

        schema["nullable"] = true;
        schema["type"] = others is [var only] ? only : new JArray(others);
        return 1;
    }

    private static int LowerEnum(JObject schema)
    {
        if ((schema["enum"] as JArray)?.FirstOrDefault(value => value.Type == JTokenType.Null) is not { } nothing)
        {
            return 0;
        }

        nothing.Remove();
        schema["nullable"] = true;
        return 1;
    }

    /// <summary>Whether an alternative stands for null alone.</summary>
    public static bool IsNull(JToken alternative) => (alternative as JObject)?["type"].AsText() == "null";
}

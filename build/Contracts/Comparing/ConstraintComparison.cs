using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>
/// Compares the limits of two versions of one schema. A tighter limit refuses what callers send; a looser one refuses nothing.
/// </summary>
internal sealed class ConstraintComparison(Comparison comparison)
{
    private static readonly string[] Upper = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
    private static readonly string[] Lower = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
    private static readonly string[] Other = ["pattern", "multipleOf", "uniqueItems"];

    public static readonly IReadOnlyList<string> Keywords = [.. Upper, .. Lower, .. Other];

    public void Compare(string place, JObject old, JObject @new, Direction direction)
    {
        var becomesAnotherType = ChangesWidth(old, @new);
        foreach (var keyword in Keywords)
        {
            var (before, after) = (old[keyword], @new[keyword]);
            if (JToken.DeepEquals(before, after))
            {
                continue;
            }

            var breaks = direction.HasFlag(Direction.Request) && IsTighter(keyword, before, after) ? "what was accepted is refused now"
                : becomesAnotherType ? "the C# type changes between int and long"
                : null;
            comparison.Changed($"{place}: {keyword} {Wording.Value(before)} -> {Wording.Value(after)}", breaks);
        }
    }

    private static bool IsTighter(string keyword, JToken? before, JToken? after)
    {
        if (after is null)
        {
            return false;
        }

        if (before is null || after is not JValue { Value: long or double } || before is not JValue { Value: long or double })
        {
            return true;
        }

        var (from, to) = ((double)before, (double)after);
        return Upper.Contains(keyword) ? to < from : !Lower.Contains(keyword) || to > from;
    }

    /// <summary>The lowering chooses between the two by the bounds.</summary>
    private static bool ChangesWidth(JObject old, JObject @new) =>
        new[] { old, @new }.All(facts => facts["type"].AsText() == "integer" && facts["format"] is null && facts["enum"] is null)
        && SchemaFacts.FitsInt32(old) != SchemaFacts.FitsInt32(@new);
}

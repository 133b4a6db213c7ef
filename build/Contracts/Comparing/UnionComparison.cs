using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>Compares the alternatives of two versions of one union, and the values that select them.</summary>
internal sealed class UnionComparison(Comparison comparison)
{
    public static readonly IReadOnlyList<string> Keywords = ["oneOf", "anyOf", "allOf", "discriminator"];

    private const string Gone = "code that handles it waits for nothing";

    public void Compare(string place, JObject old, JObject @new, Direction direction)
    {
        var (before, after) = (old["discriminator"] as JObject ?? [], @new["discriminator"] as JObject ?? []);
        if (!JToken.DeepEquals(before["propertyName"], after["propertyName"]))
        {
            comparison.Changed(
                $"{place}: discriminator {Wording.Value(before["propertyName"])} -> {Wording.Value(after["propertyName"])}",
                $"callers {Wording.Use(direction)} it to tell the alternatives apart");
        }

        var reported = CompareMapping(place, before, after, direction);
        foreach (var keyword in new[] { "oneOf", "anyOf", "allOf" })
        {
            CompareMembers(place, keyword, old[keyword] as JArray ?? [], @new[keyword] as JArray ?? [], reported, direction);
        }

        comparison.CompareRest($"{place}: discriminator", before, after, ["propertyName", "mapping"]);
    }

    /// <summary>
    /// Compares value by value and returns the schemas that it spoke about, so that the list of alternatives does not repeat them.
    /// </summary>
    private HashSet<string> CompareMapping(string place, JObject before, JObject after, Direction direction)
    {
        var reported = new HashSet<string>();
        var property = (after["propertyName"] ?? before["propertyName"]).AsText() ?? "value";
        var (old, @new) = (before["mapping"] as JObject ?? [], after["mapping"] as JObject ?? []);
        foreach (var value in old.Properties().Concat(@new.Properties()).Select(entry => entry.Name).Distinct())
        {
            switch (old[value], @new[value])
            {
                case (null, { } added):
                    comparison.Added($"{place}: {property} {value}, {NameOf(added)}");
                    Note(added);
                    break;
                case ({ } removed, null):
                    comparison.Removed($"{place}: {property} {value}, {NameOf(removed)}", Gone);
                    Note(removed);
                    break;
                case (JObject left, JObject right):
                    new SchemaComparison(comparison).Compare($"{place}[{property} {value}]", left, right, direction);
                    break;
                case ({ } left, { } right) when left is JObject
                    || right is JObject
                    || comparison.NewNameOf(left.AsText() ?? string.Empty) != OpenApiDocument.NameOf(right.AsText() ?? string.Empty):
                    comparison.Changed($"{place}: {property} {value}, {NameOf(left)} -> {NameOf(right)}", "the value selects another type");
                    Note(left);
                    Note(right);
                    break;
            }
        }

        return reported;

        void Note(JToken entry)
        {
            if (entry.AsText() is { } reference)
            {
                reported.Add(comparison.NewNameOf(reference));
            }
        }
    }

    private void CompareMembers(string place, string keyword, JArray old, JArray @new, HashSet<string> reported, Direction direction)
    {
        var (before, after) = (old.OfType<JObject>().ToList(), @new.OfType<JObject>().ToList());
        before.RemoveAll(member => after.Find(candidate => JToken.DeepEquals(member, candidate)) is { } same && after.Remove(same));
        foreach (var member in before.ToList())
        {
            if (after.Find(candidate => IsSame(member, candidate)) is { } same)
            {
                before.Remove(member);
                after.Remove(same);
                new SchemaComparison(comparison).Compare($"{place}: alternative {Wording.TypeOf(member)}", member, same, direction);
            }
        }

        // All of `allOf` apply at once: one more asks for more.
        var breaks = keyword == "allOf" ? "all of them must hold" : null;
        foreach (var member in after.Where(member => !IsReported(member)))
        {
            comparison.Added($"{place}: alternative {Wording.TypeOf(member)}", breaks);
        }

        foreach (var member in before.Where(member => !IsReported(member)))
        {
            comparison.Removed($"{place}: alternative {Wording.TypeOf(member)}", breaks ?? Gone);
        }

        bool IsReported(JObject member) => member["$ref"].AsText() is { } reference && reported.Contains(comparison.NewNameOf(reference));
    }

    private bool IsSame(JObject old, JObject @new) => (old["$ref"].AsText(), @new["$ref"].AsText()) switch
    {
        ({ } left, { } right) => comparison.NewNameOf(left) == OpenApiDocument.NameOf(right),
        (null, null) => Wording.TypeOf(old) == Wording.TypeOf(@new),
        _ => false,
    };

    private static string NameOf(JToken entry) =>
        entry is JObject nested ? Wording.TypeOf(nested) : OpenApiDocument.NameOf(entry.AsText() ?? string.Empty);
}

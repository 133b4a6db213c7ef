using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>Compares two versions of one schema: what kind of value it is first, then everything that narrows it down.</summary>
internal sealed class SchemaComparison(Comparison comparison)
{
    private static readonly string[] Known =
    [
        "$ref", "type", "nullable", "format", "const", "enum", "default", "deprecated", "items",
        .. ObjectComparison.Keywords, .. UnionComparison.Keywords, .. ConstraintComparison.Keywords,
    ];

    public void Compare(string place, JObject old, JObject @new, Direction direction)
    {
        if (JToken.DeepEquals(old, @new))
        {
            return;
        }

        CompareNullable(place, old, @new, direction);
        (old, @new) = FollowMove(place, old, @new);
        if (KindOf(old, isOld: true) != KindOf(@new, isOld: false))
        {
            comparison.Changed(
                $"{place}: {Wording.TypeOf(old)} -> {Wording.TypeOf(@new)}",
                $"callers {Wording.Use(direction)} {Wording.WithArticle(Wording.TypeOf(old))}");
            return; // everything else follows from that
        }

        CompareValue(place, "format", old, @new, direction);
        CompareValue(place, "const", old, @new, direction);
        CompareEnum(place, old["enum"] as JArray, @new["enum"] as JArray);
        CompareDefault(place, old["default"], @new["default"], direction);
        if (!JToken.DeepEquals(old["deprecated"], @new["deprecated"]))
        {
            comparison.Changed($"{place}: {(@new["deprecated"] is null ? "no longer deprecated" : "deprecated")}");
        }

        new ConstraintComparison(comparison).Compare(place, old, @new, direction);
        new ObjectComparison(comparison).Compare(place, old, @new, direction);
        new UnionComparison(comparison).Compare(place, old, @new, direction);
        if (old["items"] is not null || @new["items"] is not null)
        {
            Compare(place + "[]", old["items"] as JObject ?? [], @new["items"] as JObject ?? [], direction);
        }

        comparison.CompareRest(place, old, @new, Known);
    }

    /// <summary>What a schema is, before any detail of it. References are kinds of their own: the C# type has the schema's name.</summary>
    private string KindOf(JObject facts, bool isOld)
    {
        if (facts["$ref"].AsText() is { } reference)
        {
            return "schema " + (isOld ? comparison.NewNameOf(reference) : OpenApiDocument.NameOf(reference));
        }

        return facts["oneOf"] is not null ? "one of several"
            : facts["anyOf"] is not null ? "any of several"
            : facts["type"] is { } type ? SchemaFacts.TextOf(type)
            : "any";
    }

    /// <summary>The same facts, once written in place and once as a schema: reports that, and compares the facts.</summary>
    private (JObject Old, JObject New) FollowMove(string place, JObject old, JObject @new)
    {
        var (from, to) = (old["$ref"].AsText(), @new["$ref"].AsText());
        if ((from is null) == (to is null))
        {
            return (old, @new);
        }

        var target = from is not null
            ? comparison.Old.Schemas.GetValueOrDefault(OpenApiDocument.NameOf(from))
            : comparison.New.Schemas.GetValueOrDefault(OpenApiDocument.NameOf(to!));
        var inline = from is not null ? @new : old;
        if (target is null || target["type"] is null || !JToken.DeepEquals(target["type"], inline["type"]))
        {
            return (old, @new); // another kind of value: that is the news
        }

        var hasOwnType = target["enum"] is not null || target["type"].AsText() == "object";
        comparison.Changed(
            from is not null
                ? $"{place}: {OpenApiDocument.NameOf(from)} -> written out in place"
                : $"{place}: written out in place -> {OpenApiDocument.NameOf(to!)}",
            hasOwnType ? "the C# type is called otherwise" : null);
        return from is not null ? (Inline(old, target), @new) : (old, Inline(@new, target));
    }

    private static JObject Inline(JObject reference, JObject target)
    {
        var facts = (JObject)target.DeepClone();
        foreach (var beside in reference.Properties().Where(beside => beside.Name != "$ref"))
        {
            facts[beside.Name] = beside.Value;
        }

        return facts;
    }

    private void CompareNullable(string place, JObject old, JObject @new, Direction direction)
    {
        switch (old["nullable"] is not null, @new["nullable"] is not null)
        {
            case (false, true):
                comparison.Changed(
                    $"{place}: can be null now", direction.HasFlag(Direction.Response) ? "callers do not expect null" : null);
                break;
            case (true, false):
                comparison.Changed($"{place}: no longer null", direction.HasFlag(Direction.Request) ? "callers may send null" : null);
                break;
        }
    }

    private void CompareValue(string place, string keyword, JObject old, JObject @new, Direction direction)
    {
        if (!JToken.DeepEquals(old[keyword], @new[keyword]))
        {
            var name = keyword == "const" ? "constant" : keyword;
            comparison.Changed(
                $"{place}: {name} {Wording.Value(old[keyword])} -> {Wording.Value(@new[keyword])}",
                $"callers {Wording.Use(direction)} it as it was");
        }
    }

    private void CompareEnum(string place, JArray? old, JArray? @new)
    {
        switch (old, @new)
        {
            case (null, null):
                return;
            case (null, _):
                comparison.Changed(
                    $"{place}: any value -> one of {string.Join(", ", @new.Select(Wording.Value))}",
                    "other values are refused, and the C# type is another");
                return;
            case (_, null):
                comparison.Changed(
                    $"{place}: one of {string.Join(", ", old.Select(Wording.Value))} -> any value", "the C# type is another");
                return;
        }

        foreach (var value in @new.Except(old, JToken.EqualityComparer))
        {
            comparison.Added($"{place}: value {Wording.Value(value)}");
        }

        foreach (var value in old.Except(@new, JToken.EqualityComparer))
        {
            comparison.Removed($"{place}: value {Wording.Value(value)}", "code that names it no longer compiles");
        }
    }

    private void CompareDefault(string place, JToken? old, JToken? @new, Direction direction)
    {
        if (JToken.DeepEquals(old, @new))
        {
            return;
        }

        // A missing default and `null` are the same: no caller can rely on either.
        var wasKnown = old is not null && (old.Type != JTokenType.Null || @new is not null);
        comparison.Changed(
            $"{place}: default {Wording.Value(old)} -> {Wording.Value(@new)}",
            wasKnown && direction.HasFlag(Direction.Request) ? "a caller who leaves it out gets something else" : null);
    }
}

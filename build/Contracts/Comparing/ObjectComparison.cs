using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>Compares the properties of two versions of one object: which there are, which must be there, and what they hold.</summary>
internal sealed class ObjectComparison(Comparison comparison)
{
    public static readonly IReadOnlyList<string> Keywords = ["properties", "required", "additionalProperties"];

    public void Compare(string place, JObject old, JObject @new, Direction direction)
    {
        var (before, after) = (old["properties"] as JObject ?? [], @new["properties"] as JObject ?? []);
        foreach (var name in NamesIn(before, old).Union(NamesIn(after, @new)).ToList())
        {
            var property = $"{place}.{name}";
            var (wasRequired, isRequired) = (IsRequired(old, name), IsRequired(@new, name));
            switch (before[name] as JObject, after[name] as JObject)
            {
                case (null, { } added):
                    ReportAdded(property, added, isRequired, direction);
                    break;
                case ({ }, null):
                    comparison.Removed(
                        $"{property}: property", $"code that {(direction == Direction.Response ? "reads" : "sets")} it no longer compiles");
                    break;
                case var (left, right):
                    CompareRequired(property, wasRequired, isRequired, direction);
                    new SchemaComparison(comparison).Compare(property, left ?? [], right ?? [], direction);
                    break;
            }
        }

        CompareAdditional(place, old["additionalProperties"], @new["additionalProperties"], direction);
    }

    private void ReportAdded(string property, JObject added, bool isRequired, Direction direction)
    {
        var isSent = direction.HasFlag(Direction.Request);
        var kind = isSent ? isRequired ? "required property" : "optional property" : "property";
        comparison.Added($"{property}: {kind}, {Wording.TypeOf(added)}", isSent && isRequired ? "callers do not send it" : null);
    }

    private void CompareRequired(string property, bool was, bool @is, Direction direction)
    {
        switch (was, @is)
        {
            case (false, true):
                comparison.Changed(
                    $"{property}: optional -> required", direction.HasFlag(Direction.Request) ? "callers may leave it out" : null);
                break;
            case (true, false):
                comparison.Changed(
                    $"{property}: required -> optional", direction.HasFlag(Direction.Response) ? "callers count on it" : null);
                break;
        }
    }

    private void CompareAdditional(string place, JToken? old, JToken? @new, Direction direction)
    {
        switch (old, @new)
        {
            case (JObject before, JObject after):
                new SchemaComparison(comparison).Compare(place + "[key]", before, after, direction);
                break;
            case (null, JValue):
                comparison.Changed(
                    $"{place}: other properties are refused now", direction.HasFlag(Direction.Request) ? "callers may send some" : null);
                break;
            case (JValue, null):
                comparison.Changed($"{place}: other properties are allowed now");
                break;
            case var _ when !JToken.DeepEquals(old, @new):
                comparison.Changed($"{place}: {Describe(old)} -> {Describe(@new)}", $"callers {Wording.Use(direction)} {Describe(old)}");
                break;
        }

        static string Describe(JToken? values) =>
            values is JObject schema ? $"values of the type {Wording.TypeOf(schema)}" : "declared properties only";
    }

    /// <summary>A name can be required without being declared.</summary>
    private static IEnumerable<string> NamesIn(JObject properties, JObject schema) =>
        properties
            .Properties()
            .Select(property => property.Name)
            .Union((schema["required"] as JArray ?? []).Select(name => name.AsText()).OfType<string>());

    private static bool IsRequired(JObject schema, string name) =>
        schema["required"] is JArray required && required.Any(entry => entry.AsText() == name);
}

using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>
/// Finds the schemas that have another name and the same facts: one rename, and not a removal, an addition and a change at every reference.
/// </summary>
public static class SchemaRenames
{
    /// <summary>The new name by the old one.</summary>
    public static IReadOnlyDictionary<string, string> Find(DocumentFacts old, DocumentFacts @new)
    {
        var renames = new Dictionary<string, string>();
        var gone = old.Schemas.Keys.Where(name => !@new.Schemas.ContainsKey(name)).ToList();
        var come = @new.Schemas.Keys.Where(name => !old.Schemas.ContainsKey(name)).ToList();

        // A schema that refers to a renamed one is recognised once that one is.
        for (var found = true; found;)
        {
            found = false;
            foreach (var name in gone.ToList())
            {
                var candidates = come.Where(candidate => IsSame(name, old.Schemas[name], candidate, @new.Schemas[candidate], renames));
                if (candidates.MaxBy(candidate => SharedPlaces(old, name, @new, candidate)) is { } match)
                {
                    renames[name] = match;
                    gone.Remove(name);
                    come.Remove(match);
                    found = true;
                }
            }
        }

        return renames;
    }

    private static bool IsSame(string oldName, JObject old, string newName, JObject @new, Dictionary<string, string> renames)
    {
        var translated = (JObject)old.DeepClone();
        foreach (var value in translated.Descendants().OfType<JValue>().ToList())
        {
            if (value.Value is string text && text.StartsWith(OpenApiDocument.SchemaReferencePrefix, StringComparison.Ordinal))
            {
                var name = OpenApiDocument.NameOf(text);
                value.Value = OpenApiDocument.SchemaReferencePrefix + (name == oldName ? newName : renames.GetValueOrDefault(name, name));
            }
        }

        return JToken.DeepEquals(SchemaFacts.Of(translated), SchemaFacts.Of(@new));
    }

    /// <summary>Two schemas can have the same facts; the one that took the other's places is the one it became.</summary>
    private static int SharedPlaces(DocumentFacts old, string oldName, DocumentFacts @new, string newName) =>
        PlacesOf(old, oldName).Intersect(PlacesOf(@new, newName)).Count();

    private static IEnumerable<string> PlacesOf(DocumentFacts document, string name) =>
        from part in document.Operations.Concat(document.Schemas)
        from value in part.Value.Descendants().OfType<JValue>()
        where value.AsText() == OpenApiDocument.SchemaReferencePrefix + name
        select $"{part.Key} {value.Path}";
}

using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>
/// What the parts of one comparison share: both contracts, who uses which schema, the renames, and the changes found so far.
/// </summary>
internal sealed class Comparison(DocumentFacts old, DocumentFacts @new)
{
    private readonly List<Change> _changes = [];

    public DocumentFacts Old { get; } = old;

    public DocumentFacts New { get; } = @new;

    /// <summary>By the old contract: those are the callers that can break.</summary>
    public Reachability Reachability { get; } = new(old);

    public IReadOnlyDictionary<string, string> Renames { get; } = SchemaRenames.Find(old, @new);

    public IReadOnlyList<Change> Changes => _changes;

    public void Added(string text, string? breaks = null) => _changes.Add(new Change(ChangeKind.Added, text, breaks));

    public void Removed(string text, string? breaks = null) => _changes.Add(new Change(ChangeKind.Removed, text, breaks));

    public void Changed(string text, string? breaks = null) => _changes.Add(new Change(ChangeKind.Changed, text, breaks));

    /// <summary>The name, in the new contract, of the schema that an old reference means.</summary>
    public string NewNameOf(string reference)
    {
        var name = OpenApiDocument.NameOf(reference);
        return Renames.GetValueOrDefault(name, name);
    }

    /// <summary>
    /// Reports what no rule speaks about. It counts as breaking: a fact whose meaning is not known cannot be known to be harmless.
    /// </summary>
    public void CompareRest(string place, JObject oldFacts, JObject newFacts, IReadOnlyCollection<string> known)
    {
        const string breaks = "what it means for callers is not known; look at it";
        foreach (var name in oldFacts
            .Properties()
            .Concat(newFacts.Properties())
            .Select(property => property.Name)
            .Distinct()
            .Where(name => !known.Contains(name)))
        {
            switch (oldFacts[name], newFacts[name])
            {
                case ({ } before, null):
                    Removed($"{place}: {name} {SchemaFacts.TextOf(before)}", breaks);
                    break;
                case (null, { } after):
                    Added($"{place}: {name} {SchemaFacts.TextOf(after)}", breaks);
                    break;
                case ({ } before, { } after) when !JToken.DeepEquals(before, after):
                    Changed($"{place}: {name} {SchemaFacts.TextOf(before)} -> {SchemaFacts.TextOf(after)}", breaks);
                    break;
            }
        }
    }
}

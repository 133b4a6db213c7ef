using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>Which schemas callers send and which they read, followed through references, unions and mappings.</summary>
internal sealed class Reachability
{
    private readonly Dictionary<string, Direction> _directions = [];
    private readonly DocumentFacts _document;

    public Reachability(DocumentFacts document)
    {
        _document = document;
        foreach (var operation in document.Operations.Values)
        {
            Visit(operation["parameters"], Direction.Request);
            Visit(operation["requestBody"], Direction.Request);
            Visit(operation["responses"], Direction.Response);
        }
    }

    public Direction Of(string schema) =>
        _directions.GetValueOrDefault(schema) is var direction and not Direction.None ? direction : Direction.Both;

    private void Visit(JToken? facts, Direction direction)
    {
        foreach (var reference in ReferencesIn(facts))
        {
            var name = OpenApiDocument.NameOf(reference);
            var known = _directions.GetValueOrDefault(name);
            if (!known.HasFlag(direction) && _document.Schemas.TryGetValue(name, out var schema))
            {
                _directions[name] = known | direction;
                Visit(schema, direction);
            }
        }
    }

    /// <summary>Every reference to a schema, whether in a <c>$ref</c> or in a mapping.</summary>
    public static IEnumerable<string> ReferencesIn(JToken? facts) =>
        (facts as JContainer)?.DescendantsAndSelf().Select(token => token.AsText()).OfType<string>()
            .Where(text => text.StartsWith(OpenApiDocument.SchemaReferencePrefix, StringComparison.Ordinal)) ?? [];
}

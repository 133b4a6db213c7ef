using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>Compares two contracts from the outside in: the service, its operations, its schemas.</summary>
public static class DocumentComparison
{
    /// <summary>Every difference in facts. None means that at most prose, order or notation differ.</summary>
    public static IReadOnlyList<Change> Compare(OpenApiDocument old, OpenApiDocument @new) =>
        Compare(DocumentFacts.Of(old), DocumentFacts.Of(@new));

    public static IReadOnlyList<Change> Compare(DocumentFacts old, DocumentFacts @new)
    {
        var comparison = new Comparison(old, @new);
        CompareService(comparison);
        CompareOperations(comparison);
        CompareSchemas(comparison);
        return comparison.Changes;
    }

    private static void CompareService(Comparison comparison)
    {
        var (old, @new) = (comparison.Old, comparison.New);
        if (old.Version != @new.Version)
        {
            comparison.Changed($"contract: version {old.Version} -> {@new.Version}");
        }

        if (!JToken.DeepEquals(old.Rest["openapi"], @new.Rest["openapi"]))
        {
            comparison.Changed($"contract: OpenAPI {old.Rest["openapi"]} -> {@new.Rest["openapi"]}");
        }

        if (!old.Servers.SequenceEqual(@new.Servers))
        {
            comparison.Changed($"servers: {Join(old.Servers)} -> {Join(@new.Servers)}", "callers' requests go to the first one");
        }

        foreach (var name in NamesIn(old.SecuritySchemes).Union(NamesIn(@new.SecuritySchemes)))
        {
            switch (old.SecuritySchemes[name], @new.SecuritySchemes[name])
            {
                case (null, { }):
                    comparison.Added($"security scheme {name}");
                    break;
                case ({ }, null):
                    comparison.Removed($"security scheme {name}", "callers get in that way");
                    break;
                case ({ } before, { } after) when !JToken.DeepEquals(before, after):
                    comparison.Changed(
                        $"security scheme {name}: {SchemaFacts.TextOf(before)} -> {SchemaFacts.TextOf(after)}",
                        "callers get in the old way");
                    break;
            }
        }

        comparison.CompareRest("contract", old.Rest, @new.Rest, ["openapi", "components"]);
        comparison.CompareRest("components", (JObject)old.Rest["components"]!, (JObject)@new.Rest["components"]!, []);
    }

    private static void CompareOperations(Comparison comparison)
    {
        var (old, @new) = (comparison.Old.Operations, comparison.New.Operations);
        foreach (var name in old.Keys.Union(@new.Keys))
        {
            switch (old.GetValueOrDefault(name), @new.GetValueOrDefault(name))
            {
                case (null, { }):
                    comparison.Added($"operation {name}");
                    break;
                case ({ }, null):
                    comparison.Removed($"operation {name}", "code that calls it no longer compiles");
                    break;
                case ({ } before, { } after):
                    new OperationComparison(comparison).Compare(name, before, after);
                    break;
            }
        }

        foreach (var path in NamesIn(comparison.Old.Paths).Union(NamesIn(comparison.New.Paths)))
        {
            comparison.CompareRest(
                $"path {path}", comparison.Old.Paths[path] as JObject ?? [], comparison.New.Paths[path] as JObject ?? [], []);
        }
    }

    private static void CompareSchemas(Comparison comparison)
    {
        var (old, @new) = (comparison.Old.Schemas, comparison.New.Schemas);
        foreach (var (name, facts) in old)
        {
            if (comparison.Renames.TryGetValue(name, out var renamed))
            {
                comparison.Changed(
                    $"schema {name} -> {renamed}, the same otherwise",
                    $"the C# type is called otherwise, unless the overlay keeps the name: x-csharp-name: {name}");
            }
            else if (@new.TryGetValue(name, out var counterpart))
            {
                new SchemaComparison(comparison).Compare(name, facts, counterpart, comparison.Reachability.Of(name));
            }
            else
            {
                comparison.Removed($"schema {name}", "code that names the C# type no longer compiles");
            }
        }

        foreach (var name in @new.Keys.Where(name => !old.ContainsKey(name) && !comparison.Renames.Values.Contains(name)))
        {
            comparison.Added($"schema {name}");
        }
    }

    private static IEnumerable<string> NamesIn(JObject facts) => facts.Properties().Select(property => property.Name);

    private static string Join(IReadOnlyList<string> servers) => servers.Count == 0 ? "none" : string.Join(", ", servers);
}

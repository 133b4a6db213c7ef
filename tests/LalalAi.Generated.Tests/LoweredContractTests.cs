using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Generated.Tests;

/// <summary>The document that NSwag reads, as the build made it.</summary>
public sealed class LoweredContractTests
{
    private static readonly string[] ProseKeywords = ["description", "summary", "title", "example", "examples"];

    private static readonly string[] NameMaps = ["properties", "schemas", "paths"];

    [Test]
    public void The_facts_of_the_lowered_contract_change_only_on_purpose()
    {
        var document = Load("lalalai.lowered.json");
        foreach (var prose in Prose(document))
        {
            prose.Remove();
        }

        foreach (var list in document.Descendants().OfType<JProperty>().Where(property => property.Name == "required" && property.Value is JArray).ToList())
        {
            list.Value = new JArray(list.Value.OrderBy(name => (string?)name, StringComparer.Ordinal));
        }

        foreach (var nothing in document.Descendants().OfType<JProperty>().Where(property => property.Name == "parameters" && property.Value is JArray { Count: 0 }).ToList())
        {
            nothing.Remove();
        }

        // A reference that is wrapped only to carry prose is a reference.
        foreach (var wrapper in document.Descendants().OfType<JObject>().Where(schema => schema.Count == 1 && schema["allOf"] is JArray { Count: 1 }).ToList())
        {
            wrapper.Replace(wrapper["allOf"]![0]!);
        }

        SnapshotAssert.Matches(CanonicalJson.From(document), "Lowered.Facts");
    }

    [Test]
    [Category("Prose")]
    public void The_prose_of_the_lowered_contract_changes_only_on_purpose()
    {
        var text = new StringBuilder();
        foreach (var prose in Prose(Load("lalalai.lowered.json")).Where(property => property.Name is "description" or "summary").OrderBy(property => property.Path, StringComparer.Ordinal))
        {
            text.Append(prose.Path).Append('\n').Append("    ").Append(((string?)prose.Value)!.Replace("\n", "\n    ", StringComparison.Ordinal)).Append('\n');
        }

        SnapshotAssert.Matches(text.ToString(), "Lowered.Prose");
    }

    [Test]
    public void The_union_tables_change_only_on_purpose()
    {
        var tables = Load("lalalai.unions.json");
        tables["unions"] = new JArray(tables["unions"]!.OrderBy(union => (string?)union["location"], StringComparer.Ordinal));

        SnapshotAssert.Matches(CanonicalJson.From(tables), "Lowered.Unions");
    }

    private static JObject Load(string name)
    {
        using var reader = new JsonTextReader(File.OpenText(Path.Combine(TestContext.CurrentContext.TestDirectory, name))) { DateParseHandling = DateParseHandling.None };
        return JObject.Load(reader);
    }

    /// <summary>What is prose; a property of a schema that happens to be called like it is not.</summary>
    private static List<JProperty> Prose(JObject document) =>
    [
        .. document.Descendants().OfType<JProperty>()
            .Where(property => ProseKeywords.Contains(property.Name) && !(property.Parent?.Parent is JProperty parent && NameMaps.Contains(parent.Name))),
    ];
}

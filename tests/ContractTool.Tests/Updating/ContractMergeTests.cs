using LalalAi.Contracts.Comparing;
using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Tests.Lowering;
using LalalAi.ContractTool.Updating;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Updating;

internal sealed class ContractMergeTests
{
    private static readonly string[] Prose = ["description", "summary", "title", "example", "examples", "tags"];

    [Test]
    public void Every_fact_of_the_contract_that_changes_is_merged_and_the_prose_around_it_stays()
    {
        var contract = OpenApiDocument.Load(ContractFiles.Contract);
        var published = contract.Copy();
        foreach (var prose in ProseOf(published.Root))
        {
            prose.Value = "Theirs.";
        }

        var facts = published.Root.Descendants().OfType<JValue>().Where(IsFact).ToList();
        Assert.That(facts, Has.Count.GreaterThan(400));

        // Fifty at a time: a fact that is lost shows as a difference that is left.
        foreach (var batch in facts.Chunk(50))
        {
            var vendored = contract.Copy();
            var before = batch.Select(fact => fact.Value).ToList();
            foreach (var fact in batch)
            {
                fact.Value = fact.Value switch { string value => value + "x", long number => number + 1, double number => number + 1, bool flag => !flag, _ => "x" };
            }

            var taken = ContractMerge.Merge(vendored, published);

            Assert.That(DocumentComparison.Compare(vendored, published), Is.Empty);
            Assert.That(ProseOf(vendored.Root).Where(prose => (string)prose.Value! == "Theirs.").Select(prose => "$." + prose.Path), Is.EquivalentTo(taken));
            Assert.That(taken, Has.Count.LessThan(10), "Only what has another name now is new.");
            foreach (var (fact, value) in batch.Zip(before))
            {
                fact.Value = value;
            }
        }
    }

    [TestCase("note: {type: string}", "note: {anyOf: [{type: string, title: Theirs}, {type: 'null'}], description: Theirs.}")]
    [TestCase("note: {type: string}", "note: {type: integer}")]
    public void A_property_that_changes_keeps_our_prose(string before, string after)
    {
        const string ours = "note: {type: string, description: Ours.}";
        var vendored = Yaml.ContractWithSchemas($"Got: {{properties: {{{ours}}}}}");
        ContractMerge.Merge(vendored, Yaml.ContractWithSchemas($"Got: {{properties: {{{before.Replace(before, after, StringComparison.Ordinal)}}}}}"));
        Assert.That((string?)vendored.Schemas["Got"]!["properties"]!["note"]!["description"], Is.EqualTo("Ours."));
    }

    [Test]
    public void A_renamed_schema_keeps_its_prose_and_its_place()
    {
        var vendored = Yaml.ContractWithSchemas("A: {description: Ours., type: object}\nB: {items: {$ref: '#/components/schemas/A'}}");
        ContractMerge.Merge(vendored, Yaml.ContractWithSchemas("B: {items: {$ref: '#/components/schemas/C'}}\nC: {type: object}"));
        RuleAssert.IsSame(vendored.Schemas, Yaml.Read("C: {description: Ours., type: object}\nB: {items: {$ref: '#/components/schemas/C'}}"));
        Assert.That(vendored.Schemas.Properties().First().Name, Is.EqualTo("C"));
    }

    [Test]
    public void A_new_part_follows_the_part_that_it_follows_in_the_published_contract()
    {
        var vendored = Yaml.ContractWithSchemas("A: {type: object}\nB: {type: object}");
        ContractMerge.Merge(vendored, Yaml.ContractWithSchemas("A: {type: object}\nNew: {type: object, minProperties: 1}\nB: {type: object}"));
        Assert.That(vendored.Schemas.Properties().Select(property => property.Name), Is.EqualTo(new[] { "A", "New", "B" }));
    }

    [Test]
    public void A_new_part_carries_the_publishers_prose_without_titles_and_layout()
    {
        var vendored = Yaml.ContractWithSchemas("A: {type: object}");
        var prose = ContractMerge.Merge(vendored, Yaml.ContractWithSchemas("A: {type: object, properties: {n: {title: N, x-order: 1, type: string, description: \"\\n  One\\n  line.\\n\\n\\n\\n  - item\\n  - item  \\n\"}, title: {title: T, type: string}}}"));
        RuleAssert.IsSame(vendored.Schemas["A"]!["properties"]!, Yaml.Read("{n: {type: string, description: \"One line.\\n\\n- item\\n- item\"}, title: {type: string}}"));
        Assert.That(prose, Is.EqualTo(new[] { "$.components.schemas.A.properties.n.description" }));
    }

    [Test]
    public void Data_is_replaced_as_a_whole()
    {
        var vendored = Yaml.ContractWithSchemas("A: {default: {description: ours, list: [1, 2]}}");
        ContractMerge.Merge(vendored, Yaml.ContractWithSchemas("A: {default: {description: theirs, list: [2]}}"));
        RuleAssert.IsSame(vendored.Schemas["A"]!["default"]!, Yaml.Read("{description: theirs, list: [2]}"));
    }

    [Test]
    public void A_parameter_keeps_its_prose_when_its_facts_change()
    {
        var vendored = Yaml.Contract("/a: {get: {parameters: [{name: n, in: query, description: Ours.}, {name: gone, in: query}]}}");
        ContractMerge.Merge(vendored, Yaml.Contract("/a: {get: {parameters: [{name: new, in: query}, {name: n, in: query, required: true, description: Theirs.}]}}"));
        RuleAssert.IsSame(vendored.Root["paths"]!["/a"]!["get"]!["parameters"]!, Yaml.Read("[{name: n, in: query, required: true, description: Ours.}, {name: new, in: query}]"));
    }

    /// <summary>References lead to other facts when they change, and the first three letters of a document say what it is.</summary>
    private static bool IsFact(JValue value) =>
        value.Parent is not JProperty { Name: "openapi" or "$ref" }
        && !value.Ancestors().OfType<JProperty>().Any(property => Prose.Contains(property.Name) && property.Parent?.Parent is not JProperty { Name: "properties" });

    private static List<JProperty> ProseOf(JObject root) => [.. root.Descendants().OfType<JProperty>().Where(property => property.Name is "description" or "summary" && property.Value is JValue)];
}

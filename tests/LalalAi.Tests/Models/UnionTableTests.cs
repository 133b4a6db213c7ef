using LalalAi.Models;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Models;

/// <summary>The tables that unions are mapped by are the contract's, as the lowering wrote them down.</summary>
public sealed class UnionTableTests
{
    private static readonly JArray Tables = (JArray)JObject.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "lalalai.unions.json")))["unions"]!;

    [TestCase("CheckResponse.properties.result")]
    [TestCase("CancelResponse.properties.result")]
    [TestCase("BatchTasksResponse.properties.results")]
    public void Every_union_member_has_a_case(string place)
    {
        var table = place.Split('.')[0] switch
        {
            "CheckResponse" => UnionReader.TaskStates,
            "CancelResponse" => UnionReader.CancelResults,
            _ => UnionReader.StartResults,
        };

        Assert.That(
            Describe(table),
            Is.EquivalentTo(Members(Single(place), "status")),
            $"A member of the union `{place}` is new or gone. Add it to its table in UnionReader (src/LalalAi/Models), with a case of its own beside the others; until then it is read as the unknown case.");
    }

    [Test]
    public void Every_kind_of_task_has_its_presets()
    {
        const string remedy = "A kind of task is new or gone. Add its presets as a case of TaskPresets and to the tables of TaskPresetsConverter (src/LalalAi.Generated/Models), and its start as a row of TaskKind (src/LalalAi/Tasks); docs/updating-the-contract.md lists the other files. Until then it is read as UnknownTaskPresets.";
        var unions = Tables.Where(union => ((string)union["location"]!).EndsWith(".presets", StringComparison.Ordinal)).ToList();

        Assert.That(unions, Has.Count.EqualTo(4));
        foreach (var union in unions)
        {
            Assert.That(Describe(TaskPresetsConverter.TaskTypes), Is.EquivalentTo(Members(union["choice"]!, "task_type")), remedy);
            Assert.That(Describe(TaskPresetsConverter.SplitLabels), Is.EquivalentTo(Members(union["choice"]!["members"]!["split"]!["choice"]!, "label")), remedy);
        }
    }

    [Test]
    public void Every_union_of_the_contract_has_a_table() => Assert.That(Tables, Has.Count.EqualTo(7), "A union that is new in the contract needs a reader and a case in these tests.");

    private static JToken Single(string place) => Tables.Single(union => ((string)union["location"]!).Contains(place, StringComparison.Ordinal))["choice"]!;

    private static IEnumerable<string> Members(JToken choice, string property)
    {
        Assert.That((string?)choice["property"], Is.EqualTo(property));
        return ((JObject)choice["members"]!).Properties().Where(member => member.Value["schema"] is not null).Select(member => $"{member.Name}: {member.Value["schema"]}");
    }

    private static IEnumerable<string> Describe(IReadOnlyDictionary<string, Type> table) => table.Select(entry => $"{entry.Key}: {entry.Value.Name}");
}

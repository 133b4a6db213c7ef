using System.Text.RegularExpressions;
using LalalAi.Contracts.Comparing;
using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Comparing;

/// <summary>Changes the repository's contract fact by fact: the diff reports every fact, and no prose.</summary>
[Category("Slow")]
internal sealed partial class DiffCompletenessTests
{
    private static readonly HashSet<string> Prose = ["title", "description", "summary", "example", "examples", "externalDocs", "tags"];

    private OpenApiDocument _contract = null!;
    private DocumentFacts _old = null!;

    [OneTimeSetUp]
    public void ReadContract()
    {
        _contract = OpenApiDocument.Load(ContractFiles.Contract);
        _old = DocumentFacts.Of(_contract);
    }

    [Test]
    public void Every_fact_that_is_another_one_is_noticed() => Assert.That(Unnoticed(isProse: false, value =>
    {
        switch (value)
        {
            case JValue { Value: string text } leaf: leaf.Value = text + "x"; break;
            case JValue { Value: long number } leaf: leaf.Value = number + 1; break;
            case JValue { Value: double number } leaf: leaf.Value = number + 1; break;
            case JValue { Value: bool flag } leaf: leaf.Value = !flag; break;
            case JValue { Value: null } leaf: leaf.Value = "x"; break;
            default: return false;
        }

        return true;
    }), Is.Empty);

    [Test]
    public void Every_fact_that_is_gone_is_noticed() => Assert.That(Unnoticed(isProse: false, value =>
    {
        // The type of an object, an enum or a constant follows from the rest, and that other properties are allowed goes without saying.
        if (value.Parent is JProperty { Name: "type" or "openapi" or "paths" } || value is JObject { Count: 0 } || (value is JValue { Value: true } && value.Parent is JProperty { Name: "additionalProperties" }))
        {
            return false;
        }

        (value.Parent is JProperty property ? property : value).Remove();
        return true;
    }), Is.Empty);

    [Test]
    public void Changed_prose_is_not_a_difference() => Assert.That(Noticed(value =>
    {
        if (value is JValue { Value: string text } leaf)
        {
            leaf.Value = string.Join(' ', text.Split(' ').Reverse()) + " indeed";
            return true;
        }

        return false;
    }), Is.Empty);

    private List<string> Unnoticed(bool isProse, Func<JToken, bool> change) => Try(isProse, change, changes => changes.Count == 0);

    private List<string> Noticed(Func<JToken, bool> change) => Try(isProse: true, change, changes => changes.Count > 0);

    private List<string> Try(bool isProse, Func<JToken, bool> change, Func<IReadOnlyList<Change>, bool> isWrong)
    {
        // One place of each kind: what goes for one schema or operation goes for all.
        var places = _contract.Root.Descendants().Where(token => token is not JProperty && IsProse(token) == isProse).Select(token => token.Path).DistinctBy(KindOf).ToList();
        Assert.That(places, Has.Count.GreaterThan(50));
        var wrong = new List<string>();
        foreach (var place in places)
        {
            // Changed in place and put back: a copy of the whole contract for each of its facts takes its time.
            var token = _contract.Root.SelectToken(place)!;
            var around = token.Parent is JProperty property ? property.Parent! : token.Parent!;
            var before = around.DeepClone();
            if (change(token) && isWrong(DocumentComparison.Compare(_old, DocumentFacts.Of(_contract))))
            {
                wrong.Add(place);
            }

            around.ReplaceAll(before.Children());
        }

        Assert.That(DocumentComparison.Compare(_old, DocumentFacts.Of(_contract)), Is.Empty, "The test left a change behind.");
        return wrong;
    }

    /// <summary>A property may be called <c>title</c>; that is a fact.</summary>
    private static bool IsProse(JToken token) => token.Ancestors().OfType<JProperty>()
        .Any(property => Prose.Contains(property.Name) && property.Parent?.Parent is not JProperty { Name: "properties" });

    private static string KindOf(string path) => Names().Replace(path, "*");

    [GeneratedRegex(@"(?<=schemas\.)\w+|(?<=^paths\[')[^']+|(?<=responses\.)\w+|(?<=\[)\d+")]
    private static partial Regex Names();
}

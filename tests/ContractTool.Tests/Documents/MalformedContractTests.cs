using LalalAi.Contracts.Comparing;
using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Overlays;
using LalalAi.ContractTool.Updating;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Documents;

/// <summary>
/// The repository's contract with one value of another form: it is read as something, or refused with a message, and never ends in
/// another exception.
/// </summary>
internal sealed class MalformedContractTests
{
    [TestCase("text", 0, Category = "Slow")]
    [TestCase("[7, {}]", 1, Category = "Slow")]
    [TestCase("{'$ref': 7}", 2, Category = "Slow")]
    [TestCase("null", 3)]
    public void Value_of_another_type_is_read_or_rejected(string form, int share)
    {
        var overlay = ContractFiles.Overlay is null ? null : Overlay.Load(ContractFiles.Overlay);
        var contract = OpenApiDocument.Load(ContractFiles.Contract);
        var facts = DocumentFacts.Of(contract);
        var replacement = Yaml.Read($"a: {form}")["a"]!;
        var unexpected = new List<string>();
        foreach (var place in contract.Root.Descendants().Where(token => token is not JProperty).Select(token => token.Path).DistinctBy(KindOf).Where((_, index) => index % 12 == share).ToList())
        {
            var malformed = contract.Root.DeepClone();
            malformed.SelectToken(place)!.Replace(replacement.DeepClone());
            try
            {
                var document = OpenApiDocument.Parse(malformed.ToString(), "malformed.json");
                DocumentComparison.Compare(facts, DocumentFacts.Of(document));
                ContractMerge.Merge(contract.Copy(), document);
                Lowerer.Lower(document, overlay);
            }
            catch (ContractException)
            {
            }
            catch (Exception exception)
            {
                unexpected.Add($"{place}: {exception.GetType().Name} {exception.Message} {exception.StackTrace!.Split('\n').FirstOrDefault(line => line.Contains("LalalAi", StringComparison.Ordinal))?.Trim()}");
            }
        }

        Assert.That(unexpected, Is.Empty);
    }

    /// <summary>What goes for one schema or operation goes for all.</summary>
    private static string KindOf(string path) => System.Text.RegularExpressions.Regex.Replace(path, @"(?<=schemas\.)\w+|(?<=^paths\[')[^']+|(?<=responses\.)\w+|(?<=\[)\d+|(?<=properties\.)\w+", "*");
}

using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Commands;

internal sealed class JsonCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Json_contains_everything_that_the_contract_contains()
    {
        var run = Tool.Run("json", ContractFiles.Contract, "-o", _folder["contract.json"]);

        Assert.That((run.ExitCode, run.Output, run.Error), Is.EqualTo((0, "", "")));
        var written = JObject.Parse(File.ReadAllText(_folder["contract.json"]));
        Assert.That(JToken.DeepEquals(written, OpenApiDocument.Load(ContractFiles.Contract).Root), Is.True);
    }

    [Test]
    public void Json_of_a_document_that_cannot_be_read_is_not_written()
    {
        var contract = _folder.Write("contract.yml", "a: [");

        Assert.That(Tool.Run("json", contract, "-o", _folder["contract.json"]).ExitCode, Is.EqualTo(3));
        Assert.That(_folder.Names, Is.EqualTo(new[] { "contract.yml" }));
    }
}

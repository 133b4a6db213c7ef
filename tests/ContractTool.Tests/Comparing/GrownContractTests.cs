using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Overlays;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Comparing;

/// <summary>The day the service grows: a new stem, a new option, a new state of a task, a new operation. Nothing but the contract has to change.</summary>
internal sealed class GrownContractTests
{
    private TemporaryFolder _folder = null!;
    private string _grown = null!;

    [SetUp]
    public void GrowContract()
    {
        _folder = new TemporaryFolder();
        var document = OpenApiDocument.Load(ContractFiles.Contract);
        var presets = document.Schemas["StemSeparatorSplitterPresetsV1"]!["properties"]!;
        ((JArray)presets["stem"]!["enum"]!).Add("guitar");
        presets["reverb_tail"] = Yaml.Read("{type: boolean, default: false, description: Keeps the tail.}");
        document.Schemas["CheckV1PausedResult"] = Yaml.Read("{type: object, required: [source_id], properties: {status: {const: paused, default: paused, type: string}, source_id: {type: string}}}");
        var states = document.Schemas["CheckV1Response"]!["properties"]!["result"]!["additionalProperties"]!;
        ((JArray)states["oneOf"]!).Add(OpenApiDocument.ReferenceTo("CheckV1PausedResult"));
        states["discriminator"]!["mapping"]!["paused"] = OpenApiDocument.SchemaReferencePrefix + "CheckV1PausedResult";
        document.Root["paths"]!["/api/v1/split/guitar/"] = document.Root["paths"]!["/api/v1/split/stem_separator/"]!.DeepClone();
        _grown = _folder.Write("grown.json", document.ToJson());
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Grown_contract_is_reported_as_five_additions_that_break_no_caller()
    {
        var run = Tool.Run("diff", ContractFiles.Contract, _grown);
        Assert.That(run.Output.ReplaceLineEndings("\n"), Is.EqualTo("""
            Added:
              + CheckV1Response.result[key]: status paused, CheckV1PausedResult
              + StemSeparatorSplitterPresetsV1.reverb_tail: optional property, boolean
              + StemSeparatorSplitterPresetsV1.stem: value guitar
              + operation POST /api/v1/split/guitar/
              + schema CheckV1PausedResult

            5 changes, none of them breaking.

            """.ReplaceLineEndings("\n")));
        Assert.That(run.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public void Grown_contract_is_lowered_without_a_new_rule()
    {
        var result = Lowerer.Lower(OpenApiDocument.Load(_grown), ContractFiles.Overlay is null ? null : Overlay.Load(ContractFiles.Overlay));
        Assert.That(result.Document.Operations().Select(operation => (string?)operation.Operation["operationId"]), Does.Contain("SplitGuitar"));
        Assert.That(result.Unions.Single(union => union.Choice.Members.ContainsKey("progress")).Choice.Members["paused"].Schema, Is.EqualTo("CheckPausedResult"));
    }

    [Test]
    public void Removed_additions_break_callers() => Assert.That(Tool.Run("diff", _grown, ContractFiles.Contract).ExitCode, Is.EqualTo(2));

    [Test]
    public void The_same_contract_as_JSON_is_no_change()
    {
        var json = _folder.Write("same.json", OpenApiDocument.Load(ContractFiles.Contract).ToJson());
        Assert.That(Tool.Run("diff", ContractFiles.Contract, json).ExitCode, Is.Zero);
    }
}

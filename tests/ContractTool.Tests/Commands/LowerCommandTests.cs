using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Commands;

internal sealed class LowerCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Both_documents_are_written_and_idle_rules_are_named()
    {
        var contract = _folder.Write("contract.yml", Yaml.TextWithSchemas("Cat: {type: object}\nPet: {oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind}}"));
        var run = Tool.Run("lower", contract, "-o", _folder["lowered.json"], "--unions", _folder["unions.json"]);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("ErrorShapesRule found nothing to do").And.Not.Contain("DiscriminatedUnionsRule"));
        Assert.That((string?)OpenApiDocument.Load(_folder["lowered.json"]).Root["openapi"], Is.EqualTo("3.0.3"));
        Assert.That((string?)JObject.Parse(File.ReadAllText(_folder["unions.json"])).SelectToken("unions[0].choice.members.Cat.schema"), Is.EqualTo("Cat"));
    }

    [Test]
    public void An_error_has_the_form_that_MSBuild_reads_and_nothing_is_written()
    {
        var contract = _folder.Write("contract.yml", Yaml.TextWithSchemas("Subject:\n  if: {type: string}"));
        var run = Tool.Run("lower", contract, "-o", _folder["lowered.json"]);
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Error, Does.StartWith($"{contract}(8,7) : error LC0300: `$.components.schemas.Subject.if`"));
        Assert.That(run.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(_folder.Names, Is.EqualTo(new[] { "contract.yml" }));
    }

    [Test]
    public void Overlay_that_no_longer_applies_is_reported_with_its_line()
    {
        var contract = _folder.Write("contract.yml", Yaml.TextWithSchemas("Task: {type: object}"));
        var overlay = _folder.Write("overlay.yml", "overlay: 1.0.0\nactions:\n  - target: $.components.schemas.Gone\n    description: Why.\n    remove: true\n");
        var run = Tool.Run("lower", contract, "--overlay", overlay, "-o", _folder["lowered.json"]);
        Assert.That(run.Error, Does.StartWith($"{overlay}(3,5) : error LC0108: "));
    }

    [TestCase("lower")]
    [TestCase("lower", "contract.yml")]
    [TestCase("raise", "contract.yml")]
    [TestCase("lower", "contract.yml", "-o")]
    public void A_wrong_call_points_to_the_help(params string[] args)
    {
        var run = Tool.Run(args);
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Error, Does.StartWith("ContractTool : error LC0000: ").And.Contain("--help"));
    }
}

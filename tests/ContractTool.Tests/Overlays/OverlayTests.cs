using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Overlays;
using LalalAi.ContractTool.Tests.Lowering;

namespace LalalAi.ContractTool.Tests.Overlays;

internal sealed class OverlayTests
{
    private const string Schemas = "Task: {type: object, required: [id], properties: {id: {type: string}, old: {type: string}}}\nOther: {type: object}";

    [Test]
    public void An_update_is_merged_into_its_target() => Turns(
        "{target: $.components.schemas.Task, description: Why., update: {x-csharp-name: Job, properties: {id: {format: uuid}}, required: [old]}}",
        "Task: {type: object, x-csharp-name: Job, required: [id, old], properties: {id: {type: string, format: uuid}, old: {type: string}}}\nOther: {type: object}");

    [Test]
    public void An_update_of_a_list_adds_to_it() => Turns(
        "{target: $.components.schemas.Task.required, description: Why., update: old}",
        "Task: {type: object, required: [id, old], properties: {id: {type: string}, old: {type: string}}}\nOther: {type: object}");

    [Test]
    public void An_update_reaches_every_place_that_its_target_selects() => Turns(
        "{target: $.components.schemas.*, description: Why., update: {deprecated: true}}",
        "Task: {deprecated: true, type: object, required: [id], properties: {id: {type: string}, old: {type: string}}}\nOther: {type: object, deprecated: true}");

    [Test]
    public void A_removal_takes_the_target_and_its_key() => Turns(
        "{target: $.components.schemas.Task.properties.old, description: Why., remove: true}",
        "Task: {type: object, required: [id], properties: {id: {type: string}}}\nOther: {type: object}");

    [Test]
    public void A_removal_takes_an_entry_of_a_list() => Turns(
        "{target: '$.components.schemas.Task.required[0]', description: Why., remove: true}",
        "Task: {type: object, required: [], properties: {id: {type: string}, old: {type: string}}}\nOther: {type: object}");

    [Test]
    public void Actions_build_on_each_other() => Turns(
        "{target: $.components.schemas.Other, description: Why., update: {title: A}}, {target: $.components.schemas.Other.title, description: Why., remove: true}",
        Schemas);

    [TestCase("{target: $.components.schemas.Gone, description: Why., remove: true}", "LC0108", "contract.yml", "delete it")]
    [TestCase("{target: $.components.schemas.Task, update: {a: 1}}", "LC0105", "description", "why")]
    [TestCase("{target: $.components.schemas.Task, description: ' ', update: {a: 1}}", "LC0105", "description", "why")]
    [TestCase("{target: '$.components.schemas[', description: Why., remove: true}", "LC0107", "JSONPath", "schemas[")]
    [TestCase("{target: $.components.schemas.Task, description: Why., updates: {a: 1}}", "LC0104", "`updates`", "target, description, update, remove")]
    [TestCase("{description: Why., remove: true}", "LC0103", "target", "needs")]
    [TestCase("{target: [a], description: Why., remove: true}", "LC0103", "target", "needs")]
    [TestCase("{target: $.components.schemas.Task, description: Why.}", "LC0106", "update", "remove: true")]
    [TestCase("{target: $.components.schemas.Task, description: Why., update: {a: 1}, remove: true}", "LC0106", "update", "remove: true")]
    [TestCase("{target: $.components.schemas.Task, description: Why., remove: yes}", "LC0106", "`yes`", "true")]
    [TestCase("{target: $.components.schemas.Task.type, description: Why., update: {a: 1}}", "LC0109", "plain value", "mapping around it")]
    public void A_wrong_action_stops_the_build_at_its_line(string action, string code, string cause, string remedy)
    {
        var exception = Assert.Throws<ContractException>(() => Apply(action))!;
        Assert.That(exception.Code, Is.EqualTo(code));
        Assert.That(exception.Message, Does.Contain(cause).And.Contain(remedy).IgnoreCase);
        Assert.That(exception.ToCanonicalMessage("?"), Does.StartWith("overlay.yml(3,"));
    }

    [TestCase("overlay: 2.0.0\nactions: []", "LC0101")]
    [TestCase("actions: []", "LC0101")]
    [TestCase("overlay: 1.0.0", "LC0102")]
    public void A_document_that_is_not_an_overlay_is_rejected(string text, string code) =>
        Assert.That(Assert.Throws<ContractException>(() => Overlay.Parse(text, "overlay.yml"))!.Code, Is.EqualTo(code));

    private static void Turns(string actions, string schemas) => RuleAssert.IsSame(Apply(actions).Schemas, Yaml.Read(schemas));

    private static OpenApiDocument Apply(string actions)
    {
        var document = Yaml.ContractWithSchemas(Schemas);
        Overlay.Parse($"overlay: 1.0.0\nactions:\n  [{actions}]\n", "overlay.yml").ApplyTo(document);
        return document;
    }
}

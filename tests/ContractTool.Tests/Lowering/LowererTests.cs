using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Overlays;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class LowererTests
{
    [Test]
    public void Every_rule_of_the_project_takes_part()
    {
        var rules = typeof(ILoweringRule).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(ILoweringRule)));
        Assert.That(Lowerer.Rules.Select(rule => rule.GetType()), Is.EquivalentTo(rules));
    }

    [Test]
    public void The_rules_together_leave_plain_OpenAPI_3_0()
    {
        var result = Lowerer.Lower(
            Yaml.Contract(
                "/api/v1/start/: {post: {operationId: x, responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Start'}}}}}}}",
                """
                Level: {type: string, enum: [low, high]}
                Start:
                  properties:
                    level: {anyOf: [{$ref: '#/components/schemas/Level'}, {type: 'null'}], default: low, description: How much.}
                    kind: {const: split}
                    size: {type: integer, examples: [1]}
                """),
            overlay: null);
        RuleAssert.IsSame(result.Document.Schemas["Start"]!, Yaml.Read(
            """
            properties:
              level: {allOf: [{$ref: '#/components/schemas/Level'}], nullable: true, description: "How much.\n\nWhen left out, the service uses `low`."}
              kind: {type: string, default: split}
              size: {type: integer, format: int64, example: 1}
            required: [kind]
            """));
        Assert.That(result.IdleRules, Does.Contain("ErrorShapesRule").And.Not.Contain("ConstantsRule"));
    }

    [Test]
    public void Overlay_is_applied_first()
    {
        var overlay = Overlay.Parse("overlay: 1.0.0\nactions: [{target: $.components.schemas.Task, description: Clashes., update: {x-csharp-name: SplitTask}}]", "overlay.yml");
        Assert.That(Lowerer.Lower(Yaml.ContractWithSchemas("Task: {type: object}"), overlay).Document.Schemas["SplitTask"], Is.Not.Null);
    }

    [Test]
    public void The_contract_of_this_repository_is_lowered_with_all_its_unions()
    {
        var result = Lowerer.Lower(OpenApiDocument.Load(ContractFiles.Contract), ContractFiles.Overlay is null ? null : Overlay.Load(ContractFiles.Overlay));
        Assert.That(result.Unions, Has.Count.GreaterThan(5));
        Assert.That(result.Document.Root.Descendants().OfType<Newtonsoft.Json.Linq.JProperty>().Select(property => property.Name), Has.None.EqualTo("oneOf").And.None.EqualTo("discriminator"));
    }

    [Test]
    public void Extensions_of_the_publisher_do_not_reach_the_generator()
    {
        var document = Yaml.Contract(
            "/a: {x-a: 1, post: {x-b: 1, responses: {'200': {x-c: 1, description: Fine.}}}}",
            "Subject: {x-csharp-name: Evil, x-abstract: true, properties: {x-mode: {type: string, x-enumNames: [A]}}}");
        var lowered = Lowerer.Lower(document, overlay: null).Document;
        Assert.That(lowered.Root.Descendants().OfType<Newtonsoft.Json.Linq.JProperty>().Select(property => property.Name).Where(name => name.StartsWith("x-", StringComparison.Ordinal)), Is.EqualTo(new[] { "x-mode", "x-csharp-property" }));
    }
}

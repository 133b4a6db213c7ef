using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class SchemaNamesRuleTests
{
    private readonly SchemaNamesRule _rule = new();

    [Test]
    public void A_schema_gets_its_CSharp_name_in_references_and_in_mappings() => RuleAssert.TurnsSchemas(
        _rule,
        """
        Task: {type: object, x-csharp-name: SplitTask}
        Answer:
          properties:
            one: {$ref: '#/components/schemas/Task'}
            any:
              oneOf: [{$ref: '#/components/schemas/Task'}]
              discriminator: {propertyName: kind, mapping: {task: '#/components/schemas/Task'}}
        """,
        """
        SplitTask: {type: object}
        Answer:
          properties:
            one: {$ref: '#/components/schemas/SplitTask'}
            any:
              oneOf: [{$ref: '#/components/schemas/SplitTask'}]
              discriminator: {propertyName: kind, mapping: {task: '#/components/schemas/SplitTask'}}
        """);

    [Test]
    public void A_schema_whose_name_only_begins_alike_keeps_its_references() => RuleAssert.TurnsSchemas(
        _rule,
        "Task: {x-csharp-name: Job}\nTaskList: {items: {$ref: '#/components/schemas/TaskList'}}",
        "Job: {}\nTaskList: {items: {$ref: '#/components/schemas/TaskList'}}");

    [Test]
    public void A_renamed_schema_still_knows_its_place_in_the_file()
    {
        var document = Yaml.ContractWithSchemas("Task:\n  x-csharp-name: Job\n  not: {}");
        var line = SourceLocation.Of(document.Schemas["Task"]!["not"]!)!.Line;
        _rule.Apply(new(document));
        Assert.That(SourceLocation.Of(document.Schemas["Job"]!["not"]!)!.Line, Is.EqualTo(line));
    }

    [Test]
    public void A_name_that_another_schema_has_stops_the_build() =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas("Task: {x-csharp-name: Job}\nJob: {type: object}"), "LC0201", "`Task`", "`Job`", "overlay");

    [Test]
    public void Schemas_without_another_name_are_left_alone() =>
        RuleAssert.LeavesAlone(_rule, "Task: {type: object, properties: {x-csharp-name: {type: string}}}");
}

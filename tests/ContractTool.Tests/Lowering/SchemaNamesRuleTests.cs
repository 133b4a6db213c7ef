using LalalAi.Contracts.Documents;
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
        RuleAssert.LeavesAlone(_rule, "Job: {type: object, properties: {x-csharp-name: {type: string}}}");

    [TestCase("Body_upload_upload", "BodyUploadUpload")]
    [TestCase("Job-Input", "JobInput")]
    [TestCase("JobPresetsV1", "JobPresets")]
    [TestCase("CheckV1Result", "CheckResult")]
    [TestCase("app__models__Job", "AppModelsJob")]
    [TestCase("Page[Job]", "PageJob")]
    public void A_name_that_CSharp_would_not_use_becomes_one_that_it_would(string name, string expected) =>
        RuleAssert.TurnsSchemas(_rule, $"{name}: {{type: object}}\nUse: {{items: {{$ref: '#/components/schemas/{name}'}}}}", $"{expected}: {{type: object}}\nUse: {{items: {{$ref: '#/components/schemas/{expected}'}}}}");

    [TestCase("Task")]
    [TestCase("System")]
    [TestCase("Uri")]
    [TestCase("HttpClient")]
    [TestCase("ApiException")]
    [TestCase("FileParameter")]
    [TestCase("2Fast")]
    [TestCase("Größe")]
    [TestCase("'--'")]
    public void A_name_that_no_class_can_have_stops_the_build_with_the_overlay_entry(string name) =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas($"{name}: {{type: object}}"), "LC0202", "csharp.overlay.yml", "x-csharp-name: NAME");

    [Test]
    public void A_name_in_the_overlay_must_be_one_too() => RuleAssert.Stops(_rule, Yaml.ContractWithSchemas("Job: {x-csharp-name: 'A B'}"), "LC0202", "`A B`");
}

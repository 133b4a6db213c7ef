using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class OperationNamesRuleTests
{
    [TestCase("/api/v1/upload/", "Upload")]
    [TestCase("/api/v1/split/batch/stem_separator/", "SplitBatchStemSeparator")]
    [TestCase("/api/v1/limits/minutes_left/", "LimitsMinutesLeft")]
    [TestCase("/upload", "Upload")]
    [TestCase("/api/v1/tasks/{task_id}/tracks", "TasksByTaskIdTracks")]
    [TestCase("/api/v2/upload/", "V2Upload")]
    public void An_operation_is_named_after_its_path(string path, string name)
    {
        var document = Named($"{path}: {{post: {{operationId: old_name}}}}");
        Assert.That((string?)document.Root["paths"]![path]!["post"]!["operationId"], Is.EqualTo(name));
    }

    [Test]
    public void Second_method_on_a_path_is_distinguished_by_the_method()
    {
        var path = Named("/api/v1/packs/: {post: {}, delete: {}, get: {}}").Root["paths"]!["/api/v1/packs/"]!;
        Assert.That(new[] { "post", "get", "delete" }.Select(method => (string?)path[method]!["operationId"]), Is.EqualTo(new[] { "Packs", "PacksGet", "PacksDelete" }));
    }

    [Test]
    public void Names_do_not_depend_on_the_order_in_the_document()
    {
        var path = Named("/api/v1/packs/: {get: {}, post: {}}").Root["paths"]!["/api/v1/packs/"]!;
        Assert.That((string?)path["post"]!["operationId"], Is.EqualTo("Packs"));
    }

    [Test]
    public void Paths_that_would_share_a_name_stop_the_build() => RuleAssert.Stops(
        new OperationNamesRule(),
        Yaml.Contract("/a_b: {post: {}}\n/a-b: {post: {}}\n/a/b: {post: {}}"),
        "LC0250",
        "`AB");

    [TestCase("/a\"); System.Console.Beep(); //")]
    [TestCase("/größe")]
    [TestCase("/2fa")]
    [TestCase("/")]
    public void A_path_that_gives_no_CSharp_name_stops_the_build(string path) => RuleAssert.Stops(
        new OperationNamesRule(),
        Yaml.Contract($"'{path}': {{post: {{}}}}"),
        "LC0251",
        "overlay");

    [Test]
    public void A_document_without_operations_is_left_alone() => RuleAssert.LeavesAlone(new OperationNamesRule(), Yaml.Contract("/a: {}"));

    private static OpenApiDocument Named(string paths)
    {
        var document = Yaml.Contract(paths);
        new OperationNamesRule().Apply(new LoweringContext(document));
        return document;
    }
}

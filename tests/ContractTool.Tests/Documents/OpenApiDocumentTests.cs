using LalalAi.Contracts.Documents;

namespace LalalAi.ContractTool.Tests.Documents;

internal sealed class OpenApiDocumentTests
{
    [TestCase("swagger: '2.0'\npaths: {/a: {}}", "LC0010", "missing")]
    [TestCase("openapi: 3.3.0\npaths: {/a: {}}", "LC0010", "`3.3.0`")]
    [TestCase("openapi: 3.1\npaths: {/a: {}}", "LC0010", "`3.1`")]
    [TestCase("openapi: [3.1.0]\npaths: {/a: {}}", "LC0010", "3.1")]
    [TestCase("openapi: 3.1.0\npaths: {}", "LC0011", "complete")]
    [TestCase("openapi: 3.1.0", "LC0011", "complete")]
    public void A_document_that_is_not_OpenAPI_3_is_rejected(string text, string code, string words)
    {
        var exception = Assert.Throws<ContractException>(() => OpenApiDocument.Parse(text, Yaml.File));
        Assert.That(exception.Code, Is.EqualTo(code));
        Assert.That(exception.Message, Does.Contain(words));
    }

    [TestCase("'#/components/schemas/Gone'")]
    [TestCase("'other.yml#/A'")]
    [TestCase("{a: 1}")]
    public void Broken_reference_is_reported_with_its_line(string reference)
    {
        var document = Yaml.ContractWithSchemas($"A:\n  $ref: {reference}");
        var exception = Assert.Throws<ContractException>(() => document.Resolve(document.Schemas["A"]!["$ref"]));
        Assert.That((exception.Code, exception.Location!.Line), Is.EqualTo(("LC0012", 8)));
    }

    [Test]
    public void Operations_are_only_the_methods_of_a_path()
    {
        var document = Yaml.Contract("/a: {summary: Text, parameters: [], get: {}, post: {}, x-method: {}}");
        Assert.That(document.Operations().Select(operation => operation.Method), Is.EqualTo(new[] { "get", "post" }));
    }
}

using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Lowering;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class LoweredDocumentCheckTests
{
    [TestCase("schema", "patternProperties: {}", "$.components.schemas.Subject.patternProperties", "Lowering/Rules", "csharp.overlay.yml")]
    [TestCase("schema", "oneOf: [{type: string}]", "$.components.schemas.Subject.oneOf", "Lowering/Rules", "csharp.overlay.yml")]
    [TestCase("schema", "anyOf: [{type: object}, {type: array}]", "$.components.schemas.Subject.anyOf", "Lowering/Rules", "csharp.overlay.yml")]
    [TestCase("schema", "if: {type: string}", "$.components.schemas.Subject.if", "Lowering/Rules", "csharp.overlay.yml")]
    [TestCase("schema", "type: [string, integer]", "$.components.schemas.Subject.type", "one type", "overlay")]
    [TestCase("schema", "type: text", "$.components.schemas.Subject.type", "`\"text\"`", "overlay")]
    [TestCase("schema", "allOf: [{type: object}, {type: object}]", "$.components.schemas.Subject.allOf", "merged schema", "overlay")]
    [TestCase("schema", "enum: [1, one]", "$.components.schemas.Subject.enum", "mixed types", "overlay")]
    [TestCase("schema", "enum: [1.5, 2.5]", "$.components.schemas.Subject.enum", "neither text nor integers", "overlay")]
    [TestCase("schema", "enum: [true]", "$.components.schemas.Subject.enum", "neither text nor integers", "overlay")]
    [TestCase("schema", "x-abstract: true", "$.components.schemas.Subject.x-abstract", "`x-abstract`", "overlay")]
    [TestCase("schema", "properties: {a: true}", "$.components.schemas.Subject.properties.a", "mapping", "overlay")]
    [TestCase("schema", "properties: {a: {type: string, x-csharp-name: A}}", "$.components.schemas.Subject.properties.a.x-csharp-name", "`\"A\"`", "only schemas")]
    [TestCase("operation", "callbacks: {}", "$.paths['/a'].post.callbacks", "Lowering/Rules", "csharp.overlay.yml")]
    [TestCase("operation", "parameters: [{$ref: '#/components/parameters/P'}]", "$.paths['/a'].post.parameters[0].$ref", "a parameter", "csharp.overlay.yml")]
    [TestCase("operation", "requestBody: {content: {multipart/form-data: {}}}", "$.paths['/a'].post.requestBody.content['multipart/form-data']", "application/octet-stream", "one at a time")]
    [TestCase("operation", "requestBody: {content: {application/json: {}, application/octet-stream: {}}}", "$.paths['/a'].post.requestBody.content['application/octet-stream']", "application/json", "one at a time")]
    [TestCase("operation", "requestBody: {$ref: '#/components/requestBodies/B'}", "$.paths['/a'].post.requestBody.$ref", "by reference", "Write it out")]
    [TestCase("operation", "responses: {'200': {content: {text/csv: {}}}}", "$.paths['/a'].post.responses.200.content['text/csv']", "text/csv", "The client knows")]
    [TestCase("operation", "responses: {'200) { } if (status_ == 1': {description: Fine.}}", "$.paths['/a'].post.responses['200) { } if (status_ == 1']", "response status", "single status")]
    [TestCase("operation", "responses: {2XX: {description: Fine.}}", "$.paths['/a'].post.responses.2XX", "response status", "single status")]
    public void A_construct_that_no_rule_knows_stops_the_build(string kind, string yaml, string path, string construct, string remedy)
    {
        var document = kind == "schema" ? Yaml.ContractWithSchemas($"Subject:\n  {yaml}") : Yaml.Contract($"/a:\n  post:\n    {yaml}");
        var exception = Assert.Throws<ContractException>(() => LoweredDocumentCheck.Check(document));
        Assert.Multiple(() =>
        {
            Assert.That(exception.Code, Is.EqualTo("LC0300"));
            Assert.That(exception.Message, Does.Contain($"`{path}`").And.Contain(construct).And.Contain(remedy).IgnoreCase);
            Assert.That(exception.Location, Has.Property(nameof(SourceLocation.File)).EqualTo(Yaml.File).And.Property(nameof(SourceLocation.Line)).EqualTo(kind == "schema" ? 8 : 6));
        });
    }

    [TestCase("webhooks: {}", "$.webhooks")]
    [TestCase("components: {links: {}}", "$.components.links")]
    public void An_unknown_part_of_the_document_stops_the_build(string yaml, string path)
    {
        var document = OpenApiDocument.Parse($"openapi: 3.0.3\npaths: {{/a: {{}}}}\n{yaml}\n", Yaml.File);
        var exception = Assert.Throws<ContractException>(() => LoweredDocumentCheck.Check(document));
        Assert.That(exception.Message, Does.Contain($"`{path}`"));
        Assert.That(exception.Location!.Line, Is.EqualTo(3));
    }

    [Test]
    public void A_parameter_of_a_whole_path_stops_the_build()
    {
        var exception = Assert.Throws<ContractException>(() => LoweredDocumentCheck.Check(Yaml.Contract("/a: {parameters: []}")));
        Assert.That(exception.Message, Does.Contain("`$.paths['/a'].parameters`"));
    }

    [Test]
    public void A_reference_to_a_schema_that_is_not_there_stops_the_build()
    {
        var exception = Assert.Throws<ContractException>(() => LoweredDocumentCheck.Check(Yaml.ContractWithSchemas("Subject: {items: {$ref: '#/components/schemas/Gone'}}")));
        Assert.That(exception.Code, Is.EqualTo("LC0012"));
        Assert.That(exception.Message, Does.Contain("`#/components/schemas/Gone`"));
    }

    [TestCase("A: {$ref: '#/components/schemas/A'}")]
    [TestCase("A: {allOf: [{$ref: '#/components/schemas/B'}]}\nB: {$ref: '#/components/schemas/A'}")]
    public void A_reference_that_leads_back_to_itself_stops_the_build(string schemas)
    {
        var exception = Assert.Throws<ContractException>(() => LoweredDocumentCheck.Check(Yaml.ContractWithSchemas(schemas)));
        Assert.That(exception.Message, Does.Contain("leads back to itself"));
    }

    [Test]
    public void A_security_scheme_that_is_not_there_stops_the_build()
    {
        var exception = Assert.Throws<ContractException>(() => LoweredDocumentCheck.Check(Yaml.Contract("/a: {post: {security: [{ApiKey: []}]}}")));
        Assert.That(exception.Code, Is.EqualTo("LC0301"));
        Assert.That(exception.Message, Does.Contain("`ApiKey`").And.Contain("complete"));
    }

    [Test]
    public void Document_that_the_generator_knows_passes() => Assert.DoesNotThrow(() => LoweredDocumentCheck.Check(Yaml.Contract(
        """
        /a:
          post:
            operationId: A
            parameters: [{name: P, in: header, required: true, schema: {type: string}, x-originalName: p}]
            requestBody: {required: true, content: {application/octet-stream: {schema: {type: string, format: binary}}}}
            responses: {'200': {description: Fine., content: {application/json: {schema: {$ref: '#/components/schemas/Subject'}}}}, '204': {description: Nothing.}}
        """,
        """
        Subject:
          type: object
          required: [patternProperties]
          properties:
            patternProperties: {type: array, items: {type: integer, format: int64, nullable: true}, maxItems: 2}
            any: {description: Any value.}
            reference: {allOf: [{$ref: '#/components/schemas/Subject'}], nullable: true}
          additionalProperties: {type: string, enum: [a]}
        """)));
}

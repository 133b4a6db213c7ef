namespace LalalAi.ContractTool.Tests.Comparing;

/// <summary>Properties of a comparison as a whole.</summary>
internal sealed class DiffTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("Ready", "Done")]
    [TestCase("ready: '#/components/schemas/Ready'", "ready: '#/components/schemas/Fast'")]
    [TestCase("enum: [vocals, drum]", "enum: [vocals, drum, guitar]")]
    [TestCase("id: {type: integer}", "id: {type: string}")]
    [TestCase("mapping: {slow: '#/components/schemas/Slow'}", "mapping: {slow: '#/components/schemas/Slow', fast: '#/components/schemas/Fast'}")]
    public void Change_is_reported_once(string before, string after) => Assert.That(Diff(SmallContract.Text, SmallContract.With(before, after)).Output, Does.Contain("\n1 change, "));

    [Test]
    public void A_schema_that_refers_to_itself_can_be_renamed()
    {
        var old = Yaml.TextWithSchemas("Tree: {properties: {branch: {$ref: '#/components/schemas/Tree'}, leaf: {$ref: '#/components/schemas/Leaf'}}}\nLeaf: {type: object}");
        var run = Diff(old, old.Replace("Tree", "Wood", StringComparison.Ordinal).Replace("Leaf", "Page", StringComparison.Ordinal));
        Assert.That(run.Output, Does.Contain("schema Tree -> Wood,").And.Contain("schema Leaf -> Page,").And.Contain("\n2 changes, "));
    }

    [Test]
    public void Renamed_schema_is_the_one_in_its_place_if_two_have_the_same_facts()
    {
        const string uses = "Use: {properties: {a: {$ref: '#/components/schemas/A'}, b: {$ref: '#/components/schemas/B'}}}\n";
        var old = Yaml.TextWithSchemas(uses + "A: {type: object, minProperties: 1}\nB: {type: object, minProperties: 1}");
        var run = Diff(old, Yaml.TextWithSchemas("Y: {type: object, minProperties: 1}\nX: {type: object, minProperties: 1}\n" + uses.Replace("schemas/A", "schemas/X", StringComparison.Ordinal).Replace("schemas/B", "schemas/Y", StringComparison.Ordinal)));
        Assert.That(run.Output, Does.Contain("schema A -> X,").And.Contain("schema B -> Y,").And.Contain("\n2 changes, "));
    }

    [Test]
    public void A_schema_that_only_a_mapping_names_is_known_to_be_read_and_not_sent()
    {
        const string paths = "/a/: {post: {responses: {'200': {content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: kind, mapping: {b: '#/components/schemas/B'}}}}}}}}}";
        const string schemas = "A: {type: object}\nB: {type: object, properties: {kind: {type: string}}, required: []}";
        var run = Diff(Yaml.Text(paths, schemas), Yaml.Text(paths, schemas.Replace("required: []", "required: [kind]", StringComparison.Ordinal)));
        Assert.That(run.Output, Does.Contain("~ B.kind: optional -> required").And.Not.Contain("breaking:"));
    }

    [Test]
    public void Breaking_changes_come_first_and_are_counted()
    {
        var run = Diff(SmallContract.Text, SmallContract.With("id: {type: integer}", "id: {type: string}")
            .Replace("enum: [vocals, drum]", "enum: [vocals, drum, x]", StringComparison.Ordinal)
            .Replace("operationId: b_b", "operationId: b", StringComparison.Ordinal));
        Assert.That(run.Output.ReplaceLineEndings("\n"), Is.EqualTo("""
            Breaking:
              ~ Got.id: integer -> string (breaking: callers read an integer)

            Added:
              + Both.stem: value x

            Changed:
              ~ GET /b/: operation id b_b -> b

            3 changes, 1 of them breaking.

            """.ReplaceLineEndings("\n")));
    }

    [TestCase("not: [closed", "LC0005")]
    [TestCase("swagger: '2.0'\n", "LC0010")]
    [TestCase("{\"openapi\": ", "LC0003")]
    [TestCase("openapi: 3.1.0\npaths: {/a/: {post: {responses: {'200': text}}}}\n", "LC0302")]
    [TestCase("openapi: 3.1.0\npaths: {/a/: {post: {responses: {'200': {content: {application/json: text}}}}}}\n", "LC0302")]
    public void A_document_that_cannot_be_read_is_an_error(string text, string code)
    {
        var run = Diff(SmallContract.Text, text);
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Error, Does.StartWith(_folder["new"]).And.Contain($" : error {code}: "));
        Assert.That(run.Output, Is.Empty);
    }

    private Tool Diff(string old, string @new) => Tool.Run("diff", _folder.Write("old", old), _folder.Write("new", @new));
}

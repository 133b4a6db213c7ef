namespace LalalAi.ContractTool.Tests.Comparing;

/// <summary>Changes of prose, order and notation are not reported.</summary>
internal sealed class DiffNoChangeTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("title: Small", "title: Tiny, description: Words.")]
    [TestCase("description: Fine.", "description: Good.")]
    [TestCase("operationId: a_a", "operationId: a_a\n      summary: Does a.\n      externalDocs: {url: 'https://x.example'}\n      x-order: 1")]
    [TestCase("note: {type: string}", "note: {type: string, title: Note, description: Words., example: a, examples: [a], x-a: 1}")]
    [TestCase("title: {type: string, title: Title}", "title: {type: string, title: Other}")]
    [TestCase("tags: [T, U]", "tags: [V]")]
    [TestCase("tags: [{name: T}]\n", "")]
    [TestCase("'https://one.example', description: One.", "'https://one.example'")]
    [TestCase("name: X-Key}", "name: X-Key, description: The key.}")]
    [TestCase("name: X-Mode, in: header", "description: Mode., example: a, name: X-Mode, in: header")]
    [TestCase("required: [must, both]", "required: [both, must]")]
    [TestCase("enum: [vocals, drum]", "enum: [drum, vocals]")]
    [TestCase("[{type: string}, {type: boolean}]", "[{type: boolean}, {type: string, description: Words.}]")]
    [TestCase("anyOf: [{type: string}, {type: 'null'}]", "type: ['null', string]")]
    [TestCase("anyOf: [{type: string}, {type: 'null'}]", "type: string, nullable: true")]
    [TestCase("both: {$ref: '#/components/schemas/Both'}", "both: {allOf: [{$ref: '#/components/schemas/Both'}], description: Words.}")]
    [TestCase("maximum: 9", "maximum: 9.0")]
    [TestCase("{type: integer, minimum: 1, maximum: 9, default: 5}", "{default: 5, maximum: 9, minimum: 1, type: integer}")]
    [TestCase("additionalProperties: {type: integer}", "additionalProperties: {type: integer, description: Words.}")]
    [TestCase("    Lonely: {", "    Lonely: {additionalProperties: true, deprecated: false, ")]
    public void Prose_order_and_notation_are_no_change(string before, string after)
    {
        var run = Diff(SmallContract.Text, SmallContract.With(before, after));
        Assert.That(run.Output, Does.StartWith("No fact changed"));
        Assert.That(run.ExitCode, Is.Zero);
    }

    private Tool Diff(string old, string @new) => Tool.Run("diff", _folder.Write("old", old), _folder.Write("new", @new));
}

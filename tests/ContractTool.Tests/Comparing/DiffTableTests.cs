namespace LalalAi.ContractTool.Tests.Comparing;

/// <summary>Single changes: their description, and whether they break callers.</summary>
internal sealed class DiffTableTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    // Operations.
    [TestCase("  /b/:\n", "  /c/:\n    post: {responses: {'200': {description: Fine.}}}\n  /b/:\n", "+ operation POST /c/", 1)]
    [TestCase("  /b/:\n    get: {operationId: b_b, responses: {'200': {description: Fine.}}}\n", "", "- operation GET /b/ (breaking: code that calls it", 2)]
    [TestCase("    get: {operationId: b_b", "    put: {operationId: b_b", "- operation GET /b/ (breaking", 2)]
    [TestCase("operationId: a_a", "operationId: a_z", "~ POST /a/: operation id a_a -> a_z", 1)]
    [TestCase("operationId: a_a", "operationId: a_a\n      deprecated: true", "~ POST /a/: deprecated", 1)]
    [TestCase("operationId: a_a", "operationId: a_a\n      callbacks: {}", "+ POST /a/: callbacks {} (breaking: what it means for callers is not known", 2)]
    [TestCase("in: header, required: false", "in: header, required: true", "~ POST /a/: header parameter X-Mode: optional -> required (breaking: callers may leave it out)", 2)]
    [TestCase("      - {name: X-Mode, in: header", "      - {name: Page, in: query, required: true, schema: {type: string}}\n      - {name: X-Mode, in: header", "+ POST /a/: required query parameter Page (breaking: callers do not send it)", 2)]
    [TestCase("      - {name: X-Mode, in: header", "      - {name: Page, in: query, schema: {type: string}}\n      - {name: X-Mode, in: header", "+ POST /a/: optional query parameter Page", 1)]
    [TestCase("      - {name: X-Mode, in: header, required: false, schema: {type: string}}\n", "", "- POST /a/: header parameter X-Mode (breaking", 2)]
    [TestCase("required: false, schema: {type: string}", "required: false, schema: {type: integer}", "~ POST /a/: header parameter X-Mode: string -> integer (breaking: callers send a string)", 2)]
    [TestCase("requestBody: {required: true,", "requestBody: {required: false,", "~ POST /a/: request body: required -> optional", 1)]
    [TestCase("get: {operationId: b_b", "get: {requestBody: {required: true, content: {application/json: {}}}, operationId: b_b", "+ GET /b/: required request body (breaking", 2)]
    [TestCase("get: {operationId: b_b", "get: {requestBody: {content: {application/json: {}}}, operationId: b_b", "+ GET /b/: optional request body", 1)]
    [TestCase("requestBody: {required: true, content: {application/json:", "requestBody: {required: true, content: {application/xml:", "- POST /a/ request: as application/json (breaking: callers send it)", 2)]
    [TestCase("responses: {'200': {description: Fine.}}}", "responses: {'200': {description: Fine.}, '429': {description: Wait.}}}", "+ GET /b/: response 429", 1)]
    [TestCase("responses: {'200': {description: Fine.}}}", "responses: {'204': {description: Fine.}}}", "- GET /b/: response 200 (breaking: callers wait for it)", 2)]
    [TestCase("        '400': {description: Bad., content: {application/json: {schema: {$ref: '#/components/schemas/Bad'}}}}\n", "", "- POST /a/: response 400", 1)]
    [TestCase("schema: {$ref: '#/components/schemas/Bad'}", "schema: {anyOf: [{$ref: '#/components/schemas/Bad'}, {$ref: '#/components/schemas/Worse'}]}", "+ POST /a/ response 400: alternative Worse", 1)]
    [TestCase("schema: {$ref: '#/components/schemas/Got'}", "schema: {$ref: '#/components/schemas/Worse'}", "~ POST /a/ response 200: Got -> Worse (breaking: callers read a Got)", 2)]
    [TestCase("      security: [{Key: []}]\n", "", "- POST /a/: access with Key (breaking: callers get in that way)", 2)]
    [TestCase("security: [{Key: []}]", "security: [{Key: []}, {}]", "+ POST /a/: access with no key", 1)]
    [TestCase("get: {operationId: b_b", "get: {security: [{Key: []}], operationId: b_b", "- GET /b/: access with no key (breaking", 2)]
    // The service.
    [TestCase("name: X-Key", "name: X-License", "~ security scheme Key: ", 2)]
    [TestCase("    Key: {type: apiKey", "    Other: {type: http}\n    Key: {type: apiKey", "+ security scheme Other", 1)]
    [TestCase("https://one.example", "https://two.example", "~ servers: {\"url\":\"https://one.example\"} -> {\"url\":\"https://two.example\"} (breaking", 2)]
    [TestCase("version: 1.0.0", "version: 1.1.0", "~ contract: version 1.0.0 -> 1.1.0", 1)]
    [TestCase("openapi: 3.1.0", "openapi: 3.1.1", "~ contract: OpenAPI 3.1.0 -> 3.1.1", 1)]
    [TestCase("tags: [{name: T}]", "webhooks: {a: {}}", "+ contract: webhooks", 2)]
    // Properties.
    [TestCase("        may: {type: integer", "        more: {type: boolean}\n        may: {type: integer", "+ Sent.more: optional property, boolean", 1)]
    [TestCase("      required: [must, both]\n      properties:\n", "      required: [must, both, more]\n      properties:\n        more: {type: boolean}\n", "+ Sent.more: required property, boolean (breaking: callers do not send it)", 2)]
    [TestCase("        gone: {anyOf: [{type: string}, {type: 'null'}], default: null}\n", "", "- Sent.gone: property (breaking: code that sets it", 2)]
    [TestCase("required: [must, both]", "required: [both]", "~ Sent.must: required -> optional", 1)]
    [TestCase("required: [must, both]", "required: [must, both, may]", "~ Sent.may: optional -> required (breaking: callers may leave it out)", 2)]
    [TestCase("        note: {type: string}", "        new: {type: array, items: {type: integer}}\n        note: {type: string}", "+ Got.new: property, array of integer", 1)]
    [TestCase("        note: {type: string}\n", "", "- Got.note: property (breaking: code that reads it", 2)]
    [TestCase("required: [id, state]", "required: [state]", "~ Got.id: required -> optional (breaking: callers count on it)", 2)]
    [TestCase("required: [id, state]", "required: [id, state, note]", "~ Got.note: optional -> required", 1)]
    [TestCase("        title: {type: string, title: Title}\n", "", "- Got.title: property (breaking", 2)]
    [TestCase("        description: {type: string}\n", "", "- Got.description: property (breaking", 2)]
    [TestCase("required: [x]", "required: []", "~ Lonely.x: required -> optional (breaking", 2)]
    [TestCase("properties: {why: {type: string}}", "properties: {}", "- Slow.why: property (breaking: code that reads it", 2)]
    // Types and values.
    [TestCase("id: {type: integer}", "id: {type: string}", "~ Got.id: integer -> string (breaking: callers read an integer)", 2)]
    [TestCase("format: uuid4", "format: uuid", "~ Sent.name: format uuid4 -> uuid (breaking: callers send it as it was)", 2)]
    [TestCase("const: one", "const: two", "~ Both.fixed: constant one -> two (breaking: callers send and read it as it was)", 2)]
    [TestCase("note: {type: string}", "note: {type: [string, 'null']}", "~ Got.note: can be null now (breaking: callers do not expect null)", 2)]
    [TestCase("must: {type: string, maxLength", "must: {type: [string, 'null'], maxLength", "~ Sent.must: can be null now", 1)]
    [TestCase("gone: {anyOf: [{type: string}, {type: 'null'}], default: null}", "gone: {type: string, default: null}", "~ Sent.gone: no longer null (breaking: callers may send null)", 2)]
    [TestCase("enum: [vocals, drum]", "enum: [vocals, drum, guitar]", "+ Both.stem: value guitar", 1)]
    [TestCase("enum: [vocals, drum]", "enum: [vocals]", "- Both.stem: value drum (breaking: code that names it", 2)]
    [TestCase("stem: {type: string, enum: [vocals, drum]}", "stem: {type: string}", "~ Both.stem: one of drum, vocals -> any value (breaking", 2)]
    [TestCase("note: {type: string}", "note: {type: string, enum: [a]}", "~ Got.note: any value -> one of a (breaking", 2)]
    [TestCase("default: 5", "default: 6", "~ Sent.may: default 5 -> 6 (breaking: a caller who leaves it out", 2)]
    [TestCase(", default: 5", "", "~ Sent.may: default 5 -> none (breaking", 2)]
    [TestCase("'null'}], default: null}", "'null'}], default: x}", "~ Sent.gone: default null -> x (breaking", 2)]
    [TestCase("'null'}], default: null}", "'null'}]}", "~ Sent.gone: default null -> none", 1)]
    [TestCase("note: {type: string}", "note: {type: string, default: x}", "~ Got.note: default none -> x", 1)]
    [TestCase("note: {type: string}", "note: {type: string, deprecated: true}", "~ Got.note: deprecated", 1)]
    [TestCase("note: {type: string}", "note: {type: string, readOnly: true}", "+ Got.note: readOnly true (breaking: what it means", 2)]
    [TestCase("items: {type: string, enum: [a, b]}", "items: {type: string, enum: [a]}", "- Sent.list[]: value b (breaking", 2)]
    [TestCase("additionalProperties: {type: integer}", "additionalProperties: {type: string}", "~ Got.more[key]: integer -> string (breaking", 2)]
    [TestCase("additionalProperties: {type: integer}", "additionalProperties: true", "~ Got.more: values of the type integer -> declared properties only (breaking", 2)]
    [TestCase("    Sent:\n", "    Sent:\n      additionalProperties: false\n", "~ Sent: other properties are refused now (breaking", 2)]
    [TestCase("    Got:\n", "    Got:\n      additionalProperties: false\n", "~ Got: other properties are refused now", 1)]
    // Constraints.
    [TestCase("maxLength: 10", "maxLength: 9", "~ Sent.must: maxLength 10 -> 9 (breaking: what was accepted is refused now)", 2)]
    [TestCase("maxLength: 10", "maxLength: 11", "~ Sent.must: maxLength 10 -> 11", 1)]
    [TestCase(", maxLength: 10", "", "~ Sent.must: maxLength 10 -> none", 1)]
    [TestCase("maxItems: 6", "maxItems: 5", "~ Sent.list: maxItems 6 -> 5 (breaking", 2)]
    [TestCase("minItems: 1", "minItems: 2", "~ Sent.list: minItems 1 -> 2 (breaking", 2)]
    [TestCase("minItems: 1", "minItems: 0", "~ Sent.list: minItems 1 -> 0", 1)]
    [TestCase("minimum: 1, maximum: 9", "minimum: 1, maximum: 8", "~ Sent.may: maximum 9 -> 8 (breaking", 2)]
    [TestCase("minimum: 1, maximum: 9", "minimum: 2, maximum: 9", "~ Sent.may: minimum 1 -> 2 (breaking", 2)]
    [TestCase("minimum: 1, maximum: 9", "exclusiveMinimum: 1, maximum: 9", "~ Sent.may: exclusiveMinimum none -> 1 (breaking", 2)]
    [TestCase("must: {type: string", "must: {type: string, pattern: a", "~ Sent.must: pattern none -> a (breaking", 2)]
    [TestCase("pattern: '^x'", "pattern: '^y'", "~ Sent.name: pattern ^x -> ^y (breaking", 2)]
    [TestCase("pattern: '^x', ", "", "~ Sent.name: pattern ^x -> none", 1)]
    [TestCase("minimum: 0, maximum: 100", "minimum: 0, maximum: 90", "~ Got.percent: maximum 100 -> 90", 1)]
    [TestCase("minimum: 0, maximum: 100", "minimum: 0", "~ Got.percent: maximum 100 -> none (breaking: the C# type changes between int and long)", 2)]
    // Unions.
    [TestCase("ready: '#/components/schemas/Ready'", "ready: '#/components/schemas/Ready'\n              fast: '#/components/schemas/Fast'", "+ Got.state: kind fast, Fast", 1)]
    [TestCase("[{$ref: '#/components/schemas/Ready'}, {oneOf", "[{$ref: '#/components/schemas/Ready'}, {$ref: '#/components/schemas/Fast'}, {oneOf", "+ Got.state: alternative Fast", 1)]
    [TestCase("[{$ref: '#/components/schemas/Ready'}, {oneOf", "[{oneOf", "- Got.state: alternative Ready (breaking", 2)]
    [TestCase("              ready: '#/components/schemas/Ready'\n", "", "- Got.state: kind ready, Ready (breaking", 2)]
    [TestCase("ready: '#/components/schemas/Ready'", "ready: '#/components/schemas/Fast'", "~ Got.state: kind ready, Ready -> Fast (breaking: the value selects another type)", 2)]
    [TestCase("            propertyName: kind", "            propertyName: sort", "~ Got.state: discriminator kind -> sort (breaking", 2)]
    [TestCase("mapping: {slow: '#/components/schemas/Slow'}", "mapping: {slow: '#/components/schemas/Slow', fast: '#/components/schemas/Fast'}", "+ Got.state[kind running]: speed fast, Fast", 1)]
    [TestCase("mapping: {slow: '#/components/schemas/Slow'}", "mapping: {slower: '#/components/schemas/Slow'}", "- Got.state[kind running]: speed slow, Slow (breaking", 2)]
    [TestCase("[{type: string}, {type: boolean}]", "[{type: string}, {type: boolean}, {type: integer}]", "+ Got.either: alternative integer", 1)]
    [TestCase("[{type: string}, {type: boolean}]", "[{type: string}, {type: integer}]", "- Got.either: alternative boolean (breaking", 2)]
    [TestCase("anyOf: [{type: string}, {type: boolean}]", "type: string", "~ Got.either: union of boolean, string -> string (breaking", 2)]
    // Schemas.
    [TestCase("    Lonely:", "    New: {type: string}\n    Lonely:", "+ schema New", 1)]
    [TestCase("    Lonely: {type: object, required: [x], properties: {x: {type: string}}}\n", "", "- schema Lonely (breaking", 2)]
    [TestCase("Ready", "Done", "~ schema Ready -> Done, the same otherwise (breaking: the C# type is called otherwise, unless the overlay keeps the name: x-csharp-name: Ready)", 2)]
    [TestCase("both: {$ref: '#/components/schemas/Both'}", "both: {type: object, properties: {stem: {type: string, enum: [vocals, drum]}, fixed: {type: string, const: one}}}", "~ Sent.both: Both -> written out in place (breaking: the C# type is called otherwise)", 2)]
    public void Change_is_reported_with_what_it_means_for_callers(string before, string after, string line, int exitCode)
    {
        var run = Diff(SmallContract.Text, SmallContract.With(before, after));
        Assert.That(run.ExitCode, Is.EqualTo(exitCode), run.Output + run.Error);
        Assert.That(run.Output.Split('\n').Select(text => text.Trim()), Has.Some.StartsWith(line));
        if (!line.Contains("(breaking", StringComparison.Ordinal) && exitCode == 1)
        {
            Assert.That(run.Output, Does.Not.Contain("breaking:"));
        }
    }

    private Tool Diff(string old, string @new) => Tool.Run("diff", _folder.Write("old", old), _folder.Write("new", @new));
}

using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Updating;

/// <summary>A change that the publisher may make to the contract, and its expected result.</summary>
/// <param name="Name">What the publisher does.</param>
/// <param name="Change">Does it to the contract of this repository.</param>
/// <param name="ExitCode">What <c>update</c> exits with: 0 no fact, 1 harmless, 2 breaking, 3 refused.</param>
/// <param name="Report">A line that <c>update</c> prints, or words of the error that it refuses with.</param>
internal sealed record Future(string Name, Action<OpenApiDocument> Change, int ExitCode, string Report)
{
    /// <summary>What the generated code contains then, where that is not plain from the report.</summary>
    public string? Code { get; init; }

    private const string StemPresets = "StemSeparatorSplitterPresetsV1";

    public static IReadOnlyList<Future> All { get; } =
    [
        new("a stem", c => Enum(c, $"{StemPresets}.properties.stem").Add("guitar"), 1, "+ StemSeparatorSplitterPresetsV1.stem: value guitar") { Code = "Stem Guitar {" },
        new("a splitter with a version", c => Enum(c, "SplitterType").Add("sirius-2.0"), 1, "+ SplitterType: value sirius-2.0") { Code = "SplitterModel Sirius20 { get; } = new(@\"sirius-2.0\")" },
        new("a value that begins with a digit", c => Enum(c, "EncoderFormat").Add("3gp"), 1, "+ EncoderFormat: value 3gp") { Code = "EncoderFormat Value3gp {" },
        new("a value with quotation marks and markup", c => Enum(c, "EncoderFormat").Add("a\"<b>&\\"), 1, "+ EncoderFormat: value a\"<b>&\\") { Code = "EncoderFormat AB { get; } = new(@\"a\"\"<b>&\\\")" },
        new("a value that is code", c => Enum(c, "SplitterType").Add("A{get;}=new(System.IO.File.Create(\"x\").Name);public static Splitter B"), 1, "+ SplitterType: value A{get;}") { Code = "new(@\"A{get;}=new(System.IO.File.Create(\"\"x\"\").Name);public static Splitter B\")" },
        new("a value that is code with no-break spaces", c => Enum(c, "SplitterType").Add("A{get;}=new(System.IO.File.Create(\"x\").Name);public\u00a0static\u00a0Splitter\u00a0B"), 3, "LC0260"),
        new("a value in another script", c => Enum(c, "SplitterType").Add("吉他"), 3, "x-csharp-names: {\"吉他\": NAME}"),
        new("a value that differs in punctuation only", c => Enum(c, $"{StemPresets}.properties.stem").Add("electric-guitar"), 3, "x-csharp-names: {\"electric-guitar\": NAME}"),
        new("a value with a line break", c => Enum(c, "SplitterType").Add("a\nb"), 3, "LC0263"),
        new("a level by number", c => Enum(c, "FilteringLevel").Add(3), 3, "x-csharp-names: {\"3\": NAME}"),
        new("no longer a value", c => Enum(c, "SplitterType").First(value => (string?)value == "lynx").Remove(), 2, "- SplitterType: value lynx (breaking"),
        new("an optional property", c => Properties(c, StemPresets)["harmony"] = Json("{ 'anyOf': [{ 'type': 'boolean' }, { 'type': 'null' }], 'title': 'Harmony', 'default': null }"), 1, "+ StemSeparatorSplitterPresetsV1.harmony: optional property, boolean") { Code = "bool? Harmony {" },
        new("a required property", c => { Properties(c, StemPresets)["model"] = Json("{ 'type': 'string' }"); ((JArray)c.Schemas[StemPresets]!["required"]!).Add("model"); }, 2, "+ StemSeparatorSplitterPresetsV1.model: required property, string (breaking") { Code = "required string Model {" },
        new("a property with a hyphen", c => Properties(c, "UploadResponse")["sample-rate"] = Json("{ 'type': 'integer' }"), 1, "+ UploadResponse.sample-rate: property, integer") { Code = "SampleRate {" },
        new("a property that is code", c => Properties(c, "UploadResponse")["a\")] public int X; //"] = Json("{ 'type': 'integer' }"), 3, "LC0272"),
        new("a property that every record has", c => Properties(c, "UploadResponse")["clone"] = Json("{ 'type': 'boolean' }"), 3, "x-csharp-property: NAME"),
        new("no longer a property", c => Properties(c, "UploadResponse").Remove("name"), 2, "- UploadResponse.name: property (breaking"),
        new("a property that becomes required", c => ((JArray)c.Schemas["VoiceChangePresetsV1"]!["required"]!).Add("accent"), 2, "~ VoiceChangePresetsV1.accent: optional -> required (breaking"),
        new("a property that becomes optional", c => c.Schemas["UploadResponse"]!["required"]!.First(name => (string?)name == "size").Remove(), 2, "~ UploadResponse.size: required -> optional (breaking"),
        new("a property that can be null", c => Properties(c, "UploadResponse")["duration"]!["type"] = Json("['integer', 'null']"), 2, "~ UploadResponse.duration: can be null now (breaking"),
        new("another type", c => Properties(c, "UploadResponse")["expires"]!["type"] = "string", 2, "~ UploadResponse.expires: integer -> string (breaking"),
        new("one of two types", c => Properties(c, "VoicePackInfo")["name"]!["type"] = Json("['integer', 'string']"), 2, "~ VoicePackInfo.name: string -> integer or string (breaking") { Code = "JToken Name {" },
        new("a duration", c => Properties(c, "UploadResponse")["length"] = Json("{ 'type': 'string', 'format': 'duration' }"), 1, "+ UploadResponse.length: property, string") { Code = "string? Length {" },
        new("another default", c => Properties(c, "VoiceCleanPresetsV1")["noise_cancelling_level"]!["default"] = 1, 2, "~ VoiceCleanPresetsV1.noise_cancelling_level: default 0 -> 1 (breaking"),
        new("a state of a task", AddState, 1, "+ CheckV1Response.result[key]: status paused, CheckV1PausedResult") { Code = "record CheckPausedResult" },
        new("an operation", c => c.Root["paths"]!["/api/v1/remaster/"] = c.Root["paths"]!["/api/v1/delete/"]!.DeepClone(), 1, "+ operation POST /api/v1/remaster/") { Code = "RemasterAsync(" },
        new("an operation with parameters", c => c.Root["paths"]!["/api/v1/tasks/{task_id}/"] = Json("{ 'get': { 'parameters': [{ 'name': 'task_id', 'in': 'path', 'required': true, 'schema': { 'type': 'string' } }, { 'name': 'class', 'in': 'query', 'schema': { 'type': 'string' } }, { 'name': 'content-language', 'in': 'header', 'schema': { 'type': 'string' } }], 'responses': { '200': { 'description': 'Fine.' } } } }"), 1, "+ operation GET /api/v1/tasks/{task_id}/") { Code = "TasksByTaskIdAsync(string taskId, string? @class = null, string? contentLanguage = null" },
        new("a kind of task", AddKind, 1, "+ operation POST /api/v1/split/drumkit/") { Code = "record DrumkitPresets" },
        new("no longer an operation", c => ((JObject)c.Root["paths"]!).Remove("/api/v1/cancel/all/"), 2, "- operation POST /api/v1/cancel/all/ (breaking"),
        new("a deprecated operation", c => c.Root["paths"]!["/api/v1/delete/"]!["post"]!["deprecated"] = true, 1, "~ POST /api/v1/delete/: deprecated"),
        new("a schema under another name", c => Rename(c, "SuccessResponse", "Acknowledgement"), 2, "~ schema SuccessResponse -> Acknowledgement, the same otherwise (breaking") { Code = "record Acknowledgement" },
        new("a schema under another name that the overlay knows", c => Rename(c, "SplitTrack", "TaskTrack"), 3, "LC0108"),
        new("a schema called like a type of .NET", c => c.Schemas["Uri"] = Json("{ 'type': 'object' }"), 3, "x-csharp-name: NAME"),
        new("a schema with a hyphen", c => c.Schemas["Mix-Output"] = Json("{ 'type': 'object' }"), 1, "+ schema Mix-Output") { Code = "record MixOutput" },
        new("another way to authenticate", c => c.Root["components"]!["securitySchemes"]!["Bearer"] = Json("{ 'type': 'http', 'scheme': 'bearer' }"), 1, "+ security scheme Bearer"),
        new("another server", c => c.Root["servers"]![0]!["url"] = "https://api.lalal.ai", 2, "~ servers: "),
        new("a tighter limit", c => Properties(c, "BatchDemuserSplitParameters")["items"]!["maxItems"] = 50, 2, "~ BatchDemuserSplitParameters.items: maxItems 100 -> 50 (breaking"),
        new("a looser limit", c => Properties(c, "BatchVoiceCleanSplitParameters")["items"]!["maxItems"] = 200, 1, "~ BatchVoiceCleanSplitParameters.items: maxItems 100 -> 200"),
        new("another version", c => c.Root["info"]!["version"] = "1.2.0", 1, "~ contract: version 1.1.0 -> 1.2.0"),
        new("OpenAPI 3.2", c => c.Root["openapi"] = "3.2.0", 1, "~ contract: OpenAPI 3.1.0 -> 3.2.0"),
        new("a body described by its media type", c => { var body = (JObject)c.Root.SelectToken("paths['/api/v1/upload/'].post.requestBody.content['application/octet-stream'].schema")!; body.Remove("format"); body["contentMediaType"] = "application/octet-stream"; }, 0, "No fact changed"),
        new("a validation error with input and context", AddValidationError, 1, "+ schema ValidationError") { Code = "JToken? Input {" },
        new("a schema with local definitions", c => c.Schemas["Mix"] = Json("{ 'type': 'object', 'properties': { 'gain': { '$ref': '#/$defs/Gain' } }, '$defs': { 'Gain': { 'type': 'object', 'properties': { 'unit': { 'type': 'string' } } } } }"), 1, "+ schema Mix") { Code = "Gain? Gain {" },
        new("a pair", c => Properties(c, "UploadResponse")["range"] = Json("{ 'type': 'array', 'prefixItems': [{ 'type': 'number' }, { 'type': 'number' }], 'minItems': 2, 'maxItems': 2 }"), 1, "+ UploadResponse.range: property, array") { Code = "IReadOnlyList<double>? Range {" },
        new("prose that is code", c => c.Schemas["Remark"] = Json("{ 'type': 'object', 'description': 'Says.\\u2028public class Evil { }\\u0085public class Evil2 { }' }"), 1, "+ schema Remark") { Code = "/// Says. public class Evil { } public class Evil2 { }" },
        new("extensions that the generator acts on", c => { c.Schemas["UploadResponse"]!["x-csharp-name"] = "Evil"; c.Schemas["SplitterType"]!["x-enumNames"] = Json("['A', 'B', 'C', 'D', 'E', 'F']"); }, 0, "No fact changed"),
        new("a range of statuses", c => c.Root["paths"]!["/api/v1/delete/"]!["post"]!["responses"]!["5XX"] = Json("{ 'description': 'Failed.' }"), 3, "LC0300"),
        new("a construct that no rule knows", c => c.Schemas["Mix"] = Json("{ 'type': 'object', 'patternProperties': { '^a': { 'type': 'string' } } }"), 3, "Lowering/Rules"),
    ];

    public override string ToString() => Name;

    private static JArray Enum(OpenApiDocument contract, string path) => (JArray)contract.Schemas.SelectToken(path)!["enum"]!;

    private static JObject Properties(OpenApiDocument contract, string schema) => (JObject)contract.Schemas[schema]!["properties"]!;

    private static JToken Json(string text) => JToken.Parse(text);

    private static void Rename(OpenApiDocument contract, string from, string to)
    {
        contract.Schemas[to] = contract.Schemas[from]!.DeepClone();
        contract.Schemas.Remove(from);
        foreach (var reference in contract.Root.Descendants().OfType<JValue>().Where(value => value.AsText() == OpenApiDocument.SchemaReferencePrefix + from))
        {
            reference.Value = OpenApiDocument.SchemaReferencePrefix + to;
        }
    }

    private static void AddState(OpenApiDocument contract)
    {
        contract.Schemas["CheckV1PausedResult"] = Json("{ 'type': 'object', 'required': ['source_id'], 'properties': { 'status': { 'const': 'paused', 'default': 'paused', 'type': 'string' }, 'source_id': { 'type': 'string' } } }");
        AddMember(contract.Schemas["CheckV1Response"]!["properties"]!["result"]!["additionalProperties"]!, "paused", "CheckV1PausedResult");
    }

    private static void AddKind(OpenApiDocument contract)
    {
        contract.Schemas["DrumkitPresetsV1"] = Json("{ 'type': 'object', 'required': ['stem'], 'properties': { 'stem': { 'type': 'string', 'const': 'drumkit' }, 'kit': { 'type': 'string', 'enum': ['kick', 'snare'] } } }");
        contract.Schemas["DrumkitSplitParameters"] = contract.Schemas["DemuserSplitParameters"]!.DeepClone();
        contract.Schemas["DrumkitSplitParameters"]!["properties"]!["presets"]!["$ref"] = OpenApiDocument.SchemaReferencePrefix + "DrumkitPresetsV1";
        contract.Root["paths"]!["/api/v1/split/drumkit/"] = contract.Root["paths"]!["/api/v1/split/demuser/"]!.DeepClone();
        contract.Root["paths"]!["/api/v1/split/drumkit/"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"] = OpenApiDocument.SchemaReferencePrefix + "DrumkitSplitParameters";
        foreach (var union in contract.Root.Descendants().OfType<JObject>().Where(union => union["discriminator"]?["propertyName"].AsText() == "label").ToList())
        {
            AddMember(union, "drumkit", "DrumkitPresetsV1");
        }
    }

    private static void AddMember(JToken union, string value, string schema)
    {
        ((JArray)union["oneOf"]!).Add(OpenApiDocument.ReferenceTo(schema));
        union["discriminator"]!["mapping"]![value] = OpenApiDocument.SchemaReferencePrefix + schema;
    }

    private static void AddValidationError(OpenApiDocument contract)
    {
        contract.Schemas["ValidationError"] = Json("{ 'type': 'object', 'title': 'ValidationError', 'required': ['loc', 'msg', 'type'], 'properties': { 'loc': { 'type': 'array', 'title': 'Location', 'items': { 'anyOf': [{ 'type': 'string' }, { 'type': 'integer' }] } }, 'msg': { 'type': 'string' }, 'type': { 'type': 'string' }, 'input': { 'title': 'Input' }, 'ctx': { 'type': 'object', 'title': 'Context' } } }");
        contract.Schemas["HTTPValidationError"] = Json("{ 'type': 'object', 'properties': { 'detail': { 'type': 'array', 'items': { '$ref': '#/components/schemas/ValidationError' } } } }");
        contract.Root["paths"]!["/api/v1/delete/"]!["post"]!["responses"]!["422"] = Json("{ 'description': 'Unprocessable', 'content': { 'application/json': { 'schema': { 'anyOf': [{ '$ref': '#/components/schemas/CommonErrorResponse' }, { '$ref': '#/components/schemas/HTTPValidationError' }] } } } }");
        contract.Schemas["Problems"] = Json("{ 'type': 'object', 'properties': { 'list': { 'type': 'array', 'items': { '$ref': '#/components/schemas/ValidationError' } } } }");
    }
}

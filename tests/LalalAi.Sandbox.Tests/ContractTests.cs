using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Http;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class ContractTests
{
    private const string Uuid = "2fe8f214-1771-4900-9e7e-570f823bd359";

    [Test]
    public async Task Every_operation_of_the_sandbox_asks_for_a_key()
    {
        var contract = await ServiceContract.LoadAsync();
        await using var server = await SandboxServer.StartAsync();
        using var client = new ApiClient(server) { Key = null };
        var codes = new List<int>();
        foreach (var path in contract.Operations.Keys)
        {
            codes.Add((await client.PostAsync(path[OperationContract.Root.Length..])).Code);
        }

        // An operation that is new in the contract is not found until the sandbox has it.
        Assert.That(codes, Has.Exactly(15).EqualTo(403).And.All.EqualTo(403).Or.EqualTo(404));
    }

    // The validator of the other tests is the sandbox's own: here it must prove that it can refuse.
    [TestCase("check/", 200, """{ "result": { "x": { "status": "progress", "source_id": "s", "presets": { "stem": "vocals" }, "progress": 5 } } }""", "")]
    [TestCase("check/", 200, """{ "result": { "x": { "status": "progress", "source_id": "s", "presets": { "stem": "vocals" } } } }""", "body.result.x")]
    [TestCase("check/", 200, """{ "result": { "x": { "status": "progress", "source_id": "s", "presets": { "stem": "kazoo" }, "progress": 5 } } }""", "body.result.x")]
    [TestCase("check/", 200, """{ "result": { "x": { "status": "progress", "source_id": "s", "presets": { "stem": "vocals" }, "progress": 101 } } }""", "body.result.x")]
    [TestCase("check/", 200, """{ "result": { "x": { "status": "unknown" } } }""", "body.result.x")]
    [TestCase("check/", 200, "{}", "body.result")]
    [TestCase("upload/", 200, """{ "id": "x", "name": "x", "size": 1, "duration": 1.5, "expires": 1 }""", "body.duration")]
    [TestCase("upload/", 200, """{ "id": "x", "name": "x", "size": 1, "duration": 1, "expires": "1" }""", "body.expires")]
    [TestCase("upload/", 200, """{ "id": "x", "name": "x", "size": 12345678901, "duration": 1, "expires": 1 }""", "")]
    [TestCase("upload/", 400, """{ "code": "x" }""", "body.detail")]
    [TestCase("split/batch/demuser/", 200, """{ "results": [ { "status": "error", "error": "x", "source_id": "x", "code": "unheard_of" } ] }""", "body.results.0")]
    public async Task Response_that_violates_the_contract_is_detected(string path, int status, string body, string place)
    {
        var contract = await ServiceContract.LoadAsync();
        var faults = SchemaValidation.Validate(contract.Operations[OperationContract.Root + path].Responses[status], JObject.Parse(body));

        Assert.That(faults.Select(fault => string.Join('.', fault.Location)).Take(1), place.Length == 0 ? Is.Empty : Has.One.StartsWith(place));
    }

    [Test]
    public async Task A_contract_in_JSON_with_a_stem_more_is_enforced_as_it_is_written()
    {
        var document = JObject.Parse(new StreamReader(typeof(SandboxServer).Assembly.GetManifestResourceStream("lalalai.json")!).ReadToEnd());
        ((JArray)document["components"]!["schemas"]!["StemSeparatorSplitterPresetsV1"]!["properties"]!["stem"]!["enum"]!).Add("guitar");
        var contract = await ServiceContract.ReadAsync(new StringReader(document.ToString()));
        var body = new JObject { ["source_id"] = Uuid, ["presets"] = new JObject { ["stem"] = "guitar" } };

        var reading = SchemaValidation.Validate(contract.Operations["/api/v1/split/stem_separator/"].RequestBody!, body);
        Assert.That(reading, Is.Empty);
        var (request, _) = new StartRequestReader(contract).Read(body, TaskKind.StemSeparator);
        Assert.That(request!.Plan.Tracks.Select(track => track.Label), Is.EqualTo(new[] { "guitar", "no_guitar" }));
        Assert.That((string?)request.Presets["splitter"], Is.EqualTo("andromeda"));
    }
}

using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Generated.Tests;

/// <summary>How responses are read, including those that violate the contract.</summary>
public sealed class ResponseTests
{
    private const string Task1 = "7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34";

    private static readonly Dictionary<string, (string Json, Func<ILalalAiApiClient, Task<object>> Call)> Responses = new()
    {
        ["UploadResponse"] = (
            """{ "id": "3f0b6c1e-9a52-4d0f-8c36-2f1d9f0a7b11", "name": "song.wav", "size": 10737418240, "duration": 247, "expires": 1761217415 }""",
            async api => await api.UploadAsync("attachment; filename=\"song.wav\"", new MemoryStream([1]))),
        ["SplitTask"] = (
            $$"""{ "task_id": "{{Task1}}" }""",
            async api => await api.SplitDemuserAsync(new DemuserSplitParameters { SourceId = "s", Presets = new DemuserPresets() })),
        ["VoiceChangeTask"] = (
            $$"""{ "task_id": "{{Task1}}" }""",
            async api => await api.ChangeVoiceAsync(new VoiceChangeParameters { SourceId = "s", Presets = new VoiceChangePresets { VoicePackId = "NIK_ZEL" } })),
        ["BatchTasksResponse"] = (
            $$"""{ "results": [ { "status": "success", "task_id": "{{Task1}}", "source_id": "a" }, { "status": "error", "error": "No minutes left.", "code": "exceeded_duration", "source_id": "b" } ] }""",
            async api => await api.SplitBatchDemuserAsync(new BatchDemuserSplitParameters { Items = [] })),
        ["CheckResponse"] = (
            $$"""{ "result": { "{{Task1}}": { "status": "progress", "progress": 42, "source_id": "a", "presets": { "task_type": "split", "label": "demuser", "stem": "music" } } } }""",
            async api => await api.CheckAsync(new CheckRequest { TaskIds = [Task1] })),
        ["CancelResponse"] = (
            $$"""{ "result": { "{{Task1}}": { "status": "success" } } }""",
            async api => await api.CancelAsync(new CancelRequest { TaskIds = [Task1] })),
        ["SuccessResponse"] = (
            "{}",
            async api => await api.DeleteAsync(new DeleteParameters { SourceId = "a" })),
        ["LimitsResponse"] = (
            """{ "minutes_left": 1234.5 }""",
            async api => await api.LimitsMinutesLeftAsync()),
        ["VoicePackListResponse"] = (
            """{ "packs": [ { "name": "Narrator", "pack_id": "f0a1b2c3-d4e5-4f60-8a7b-9c0d1e2f3a4b", "created": 1735689600, "ready_to_use": true } ] }""",
            async api => await api.VoicePacksListAsync()),
    };

    private static IEnumerable<string> Names => Responses.Keys;

    [TestCaseSource(nameof(Names))]
    public async Task Each_kind_of_answer_is_read(string kind)
    {
        var (json, call) = Responses[kind];
        using var wire = new Wire(json);

        var response = await call(wire.Api);

        Assert.That(response.GetType().Name, Is.EqualTo(kind));
        SnapshotAssert.Matches(CanonicalJson.From(JToken.FromObject(response, JsonSerializer.Create(wire.Api.JsonSerializerSettings))), "Response." + kind);
    }

    [Test]
    public void Every_kind_of_answer_has_a_snapshot()
    {
        var kinds = typeof(ILalalAiApiClient).GetMethods().Select(method => method.ReturnType.GetGenericArguments()[0].Name).Distinct();

        Assert.That(Responses.Keys, Is.EquivalentTo(kinds));
    }

    [Test]
    public void A_size_beyond_32_bits_and_a_number_sent_as_text_are_read()
    {
        var response = JsonConvert.DeserializeObject<UploadResponse>(
            """{ "id": "a", "name": "b", "size": 10737418240, "duration": "3600", "expires": "1761217415" }""")!;

        Assert.That((response.Size, response.Duration, response.Expires), Is.EqualTo((10_737_418_240L, 3600L, 1_761_217_415L)));
    }

    [Test]
    public void Values_that_the_contract_does_not_know_survive_a_round_trip()
    {
        const string Json =
            """{"splitter":"cassiopeia","stem":"guitar","multivocal":"duet","enhanced_processing_enabled":false,"seen_at":"2026-01-02T03:04:05Z","nested":{"deep":[1,null,"x"]}}""";
        var settings = new LalalAiApiClient(new HttpClient()).JsonSerializerSettings;

        var presets = JsonConvert.DeserializeObject<StemSeparatorPresets>(Json, settings)!;

        Assert.That(presets.Splitter, Is.EqualTo(new SplitterModel("cassiopeia")));
        Assert.That(JToken.Parse(JsonConvert.SerializeObject(presets, settings)), Is.EqualTo(JToken.Parse(Json)).Using(new JTokenEqualityComparer()));
        Assert.That(JsonConvert.SerializeObject(presets, settings), Does.Contain("2026-01-02T03:04:05Z"));
    }

    [Test]
    public void A_status_that_the_contract_does_not_know_survives_a_round_trip()
    {
        const string Json = """{"status":"paused","source_id":"a","presets":{"task_type":"split","label":"enhanced"},"progress":7}""";

        var result = JsonConvert.DeserializeObject<CheckProgressResult>(Json)!;

        Assert.That(JToken.Parse(JsonConvert.SerializeObject(result)), Is.EqualTo(JToken.Parse(Json)).Using(new JTokenEqualityComparer()));
    }

    [Test]
    public void A_number_beyond_an_integer_enum_survives_a_round_trip()
    {
        var presets = JsonConvert.DeserializeObject<VoiceCleanPresets>("""{"stem":"voice","noise_cancelling_level":3}""")!;

        Assert.That(JsonConvert.SerializeObject(presets), Does.Contain("\"noise_cancelling_level\":3"));
    }

    [Test]
    public void Null_where_the_contract_has_a_value_is_no_failure()
    {
        var result = JsonConvert.DeserializeObject<TracksResult>("""{ "tracks": null, "duration": null }""")!;
        var presets = JsonConvert.DeserializeObject<StemSeparatorPresets>("""{ "stem": null, "splitter": null }""")!;

        Assert.That(result.Tracks, Is.Empty);
        Assert.That(presets.Splitter, Is.Null);
        Assert.That(presets.Stem.ToString(), Is.Empty);
    }
}

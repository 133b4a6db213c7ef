using LalalAi.Models;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Models;

/// <summary>How each case of each union is read, and how unknown cases are kept.</summary>
public sealed class UnionReaderTests
{
    private const string Presets = """{ "task_type": "split", "label": "stem_separator", "stem": "vocals", "splitter": null, "enhanced_processing_enabled": false }""";

    private static readonly TaskId Task1 = new("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34");

    private static readonly Dictionary<string, string> States = new()
    {
        ["Queued"] = $$"""{ "status": "progress", "progress": 0, "source_id": "a", "presets": {{Presets}} }""",
        ["Progress"] = $$"""{ "status": "progress", "progress": "42", "source_id": "a", "presets": {{Presets}} }""",
        ["Success"] = $$"""{ "status": "success", "source_id": "a", "presets": {{Presets}}, "result": { "duration": 16, "tracks": [ { "type": "stem", "label": "vocals", "url": "http://d.example/v", "size": null, "colour": "red" } ] } }""",
        ["Error"] = $$"""{ "status": "error", "source_id": "a", "presets": {{Presets}}, "error": { "code": "inference_error", "detail": "No voice was found.", "id": "e1" } }""",
        ["Cancelled"] = $$"""{ "status": "cancelled", "source_id": "a", "presets": {{Presets}} }""",
        ["ServerError"] = """{ "status": "server_error", "error": "Unknown task" }""",
        ["UnknownStatus"] = """{ "status": "paused", "since": "2026-01-02T03:04:05Z" }""",
        ["MalformedSuccess"] = """{ "status": "success", "source_id": "a" }""",
        ["MalformedProgress"] = $$"""{ "status": "progress", "progress": "soon", "source_id": "a", "presets": {{Presets}} }""",
        ["NoObject"] = "\"hello\"",
    };

    private static IEnumerable<string> Names => States.Keys;

    [TestCaseSource(nameof(Names))]
    public void Each_state_is_read(string name)
    {
        using var reader = new JsonTextReader(new StringReader(States[name])) { DateParseHandling = DateParseHandling.None };
        var state = UnionReader.ReadTaskState(Task1, JToken.ReadFrom(reader), new PresetsReader());

        SnapshotAssert.Matches($"{state.GetType().Name}\n{state}\n{CanonicalJson.From(JObject.FromObject(state))}", "TaskState." + name);
    }

    [TestCase("""{ "label": "vocals" }""", "vocals")]
    [TestCase("""{ "url": "http://d.example/v" }""", "")]
    [TestCase("null", "")]
    public void Incomplete_track_is_not_omitted(string track, string label)
    {
        var raw = JObject.Parse(States["Success"]);
        ((JArray)raw["result"]!["tracks"]!).Add(JToken.Parse(track));

        var state = (TaskSucceeded)UnionReader.ReadTaskState(Task1, raw, new PresetsReader());

        Assert.That(state.Tracks.Select(each => each.Label), Is.EqualTo(new[] { "vocals", label }));
    }

    [TestCase(-1)]
    [TestCase(long.MaxValue)]
    public void A_success_with_an_impossible_duration_is_a_success_of_unknown_duration(long seconds)
    {
        var raw = JObject.Parse(States["Success"]);
        raw["result"]!["duration"] = seconds;

        var state = UnionReader.ReadTaskState(Task1, raw, new PresetsReader());

        Assert.That(state, Is.TypeOf<TaskSucceeded>().With.Property(nameof(TaskSucceeded.Duration)).Null);
    }

    [Test]
    public void Track_that_cannot_be_read_has_no_link()
    {
        var raw = JObject.Parse(States["Success"]);
        ((JArray)raw["result"]!["tracks"]!).Add(JValue.CreateNull());

        Assert.That(((TaskSucceeded)UnionReader.ReadTaskState(Task1, raw, new PresetsReader())).Tracks[1].Url, Is.Null);
    }

    [Test]
    public void Equal_presets_share_one_instance()
    {
        var repeated = new PresetsReader();
        var presets = new[] { "vocals", "vocals", "drum", "vocals" }.Select(stem => repeated.Read(JObject.Parse(Presets.Replace("vocals", stem, StringComparison.Ordinal)))).ToArray();

        Assert.That(presets.Cast<StemSeparatorPresets>().Select(each => each.Stem.Value), Is.EqualTo(new[] { "vocals", "vocals", "drum", "vocals" }));
        Assert.That(presets[1], Is.SameAs(presets[0]));
    }

    [TestCase("[]")]
    [TestCase("null")]
    public void Success_without_tracks_is_an_unknown_state(string tracks)
    {
        var raw = JObject.Parse(States["Success"]);
        raw["result"]!["tracks"] = JToken.Parse(tracks);

        Assert.That(UnionReader.ReadTaskState(Task1, raw, new PresetsReader()), Is.TypeOf<UnknownTaskState>().With.Property("Problem").Not.Empty);
    }

    [TestCase("stem_separator", typeof(StemSeparatorPresets))]
    [TestCase("demuser", typeof(DemuserPresets))]
    [TestCase("voice_clean", typeof(VoiceCleanPresets))]
    [TestCase("multistem", typeof(MultistemPresets))]
    [TestCase("enhanced", typeof(UnknownTaskPresets))]
    public void Presets_of_a_split_are_distinguished_by_their_label(string label, Type expected)
    {
        var raw = new JObject { ["task_type"] = "split", ["label"] = label };

        Assert.That(TaskPresetsConverter.Read(raw), Is.TypeOf(expected));
    }

    [Test]
    public void Presets_of_a_voice_change_are_recognized_by_their_task_type()
    {
        var raw = JObject.Parse("""{ "task_type": "voice_convert", "voice_pack_id": "NIK_ZEL", "accent": 0.5 }""");

        var presets = TaskPresetsConverter.Read(raw);

        Assert.That(presets, Is.EqualTo(new VoiceChangePresets { VoicePackId = "NIK_ZEL", Accent = 0.5 }));
    }

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("""{ "task_type": 7 }""")]
    [TestCase("""{ "task_type": "split", "label": "multistem", "stem_list": "vocals" }""")]
    public void Unreadable_presets_are_kept_and_do_not_affect_the_state(string json)
    {
        var raw = JToken.Parse(json);

        Assert.That(TaskPresetsConverter.Read(raw), Is.TypeOf<UnknownTaskPresets>().With.Property("Raw").EqualTo(raw));
    }

    [Test]
    public void Succeeded_start_has_its_task() =>
        Assert.That(ReadStart($$"""{ "status": "success", "task_id": "{{Task1}}", "source_id": "a" }"""), Is.TypeOf<StartSucceeded>().With.Property("TaskId").EqualTo(Task1));

    [TestCase("\"No.\"", "No.")]
    [TestCase("null", "the service gave no reason")]
    public void Failed_start_has_its_reason(string error, string expected) =>
        Assert.That(
            ReadStart($$"""{ "status": "error", "error": {{error}}, "code": "new_code", "source_id": "a" }"""),
            Is.TypeOf<StartFailed>().With.Property("Code").EqualTo(new StartErrorCode("new_code")).And.Property("Error").EqualTo(expected));

    [TestCase("""{"status":"success"}""")]
    [TestCase("""{"status":"success","task_id":"7"}""")]
    [TestCase("""{"status":"held"}""")]
    [TestCase("[]")]
    [TestCase("null")]
    public void Start_with_an_unknown_result_is_ambiguous(string json) =>
        Assert.That(ReadStart(json), Is.TypeOf<StartAmbiguous>().With.Property("Error").Contains(json));

    [Test]
    public void Succeeded_cancellation_is_read() => Assert.That(ReadCancellation("""{ "status": "success" }"""), Is.TypeOf<CancelSucceeded>());

    [TestCase("\"Too late\"", "Too late")]
    [TestCase("null", "the service gave no reason")]
    public void Failed_cancellation_has_its_reason(string error, string expected) =>
        Assert.That(ReadCancellation($$"""{ "status": "server_error", "error": {{error}} }"""), Is.TypeOf<CancelFailed>().With.Property("Error").EqualTo(expected));

    [TestCase("""{"status":"held"}""")]
    [TestCase("null")]
    public void Cancellation_with_an_unknown_result_is_kept(string json) =>
        Assert.That(ReadCancellation(json), Is.TypeOf<UnknownCancelResult>().With.Property("Raw").EqualTo(json));

    [Test]
    public void Omitted_results_are_unknown()
    {
        Assert.That(UnionReader.ReadStartResult(new SourceId("a"), Guid.Empty, null), Is.TypeOf<StartAmbiguous>());
        Assert.That(UnionReader.ReadCancelResult(Task1, null), Is.TypeOf<UnknownCancelResult>().With.Property("Raw").Null);
    }

    [Test]
    public void Failed_lookup_without_a_reason_has_a_default_message() =>
        Assert.That(UnionReader.ReadTaskState(Task1, JObject.Parse("""{ "status": "server_error", "error": null }"""), new PresetsReader()), Is.TypeOf<TaskLookupFailed>().With.Property("Message").EqualTo("the service gave no reason"));

    private static StartResult ReadStart(string json) => UnionReader.ReadStartResult(new SourceId("a"), Guid.NewGuid(), JToken.Parse(json));

    private static CancelResult ReadCancellation(string json) => UnionReader.ReadCancelResult(Task1, JToken.Parse(json));
}

using System.ComponentModel;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Stj = System.Text.Json.JsonSerializer;

namespace LalalAi.Tests.Models;

/// <summary>IDs, presets, states and tracks in both serializers: the contract's shape, nothing lost, and no link.</summary>
public sealed class SerializationTests
{
    private const string Presets = """{"task_type":"split","label":"stem_separator","stem":"vocals","splitter":"phoenix","enhanced_processing_enabled":false}""";
    private const string TaskIdText = "7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34";
    private const string SourceIdText = "5e0c0f0e-1111-4222-8333-444455556666";

    private static readonly (string Name, string Json, Type Type)[] States =
    [
        ("progress", $$$"""{"task_id":"{{{TaskIdText}}}","status":"progress","source_id":"{{{SourceIdText}}}","presets":{{{Presets}}},"progress":42,"queue":{"place":3}}""", typeof(TaskInProgress)),
        (
            "success",
            $$$"""{"task_id":"{{{TaskIdText}}}","status":"success","source_id":"{{{SourceIdText}}}","presets":{{{Presets}}},"result":{"tracks":[{"label":"vocals","type":"stem","name":"song_vocals.mp3","size":12,"colour":"red"},{"label":"no_vocals","type":"back"}],"duration":16,"bpm":120}}""",
            typeof(TaskSucceeded)),
        ("error", $$$"""{"task_id":"{{{TaskIdText}}}","status":"error","source_id":"{{{SourceIdText}}}","presets":{{{Presets}}},"error":{"detail":"No voice was found.","code":"inference_error","id":"e1","hint":1}}""", typeof(TaskFailed)),
        ("cancelled", $$$"""{"task_id":"{{{TaskIdText}}}","status":"cancelled","source_id":"{{{SourceIdText}}}","presets":{{{Presets}}}}""", typeof(TaskCanceled)),
        ("server_error", $$"""{"task_id":"{{TaskIdText}}","status":"server_error","error":"Unknown task"}""", typeof(TaskLookupFailed)),
        ("paused", $$"""{"task_id":"{{TaskIdText}}","status":"paused","since":"2026-01-02T03:04:05Z"}""", typeof(UnknownTaskState)),
    ];

    private static readonly TaskPresets[] AllPresets =
    [
        new StemSeparatorPresets { Stem = Stem.Vocals, Multivocal = Multivocal.LeadBack, EncoderFormat = EncoderFormat.Flac },
        new MultistemPresets { StemList = [Stem.Drum, new Stem("guitar")] },
        new DemuserPresets { DereverbEnabled = true },
        new VoiceCleanPresets { NoiseCancellingLevel = FilteringLevel.Aggressive },
        new VoiceChangePresets { VoicePackId = "ALEX_KAYE", Accent = 0.25, AdditionalProperties = new() { ["splitter"] = "andromeda" } },
        new UnknownTaskPresets { Raw = JObject.Parse("""{"task_type":"split","label":"enhanced","power":11}""") },
    ];

    private static IEnumerable<string> StateNames => States.Select(state => state.Name);

    [Test]
    public void A_state_round_trips_through_both_serializers([ValueSource(nameof(StateNames))] string name)
    {
        var (_, json, type) = States.Single(state => state.Name == name);

        var state = JsonConvert.DeserializeObject<TaskState>(json)!;

        Assert.That(state, Is.TypeOf(type));
        Assert.That(Normalize(JsonConvert.SerializeObject(state)), Is.EqualTo(Normalize(json)));
        Assert.That(Normalize(Stj.Serialize(state)), Is.EqualTo(Normalize(json)));
        Assert.That(Normalize(Stj.Serialize<object>(state)), Is.EqualTo(Normalize(json)));
        Assert.That(Stj.Deserialize<TaskState>(json), Is.EqualTo(state));
        Assert.That(Stj.Deserialize(json, type), Is.EqualTo(state));
    }

    [Test]
    public void A_state_of_another_case_is_rejected()
    {
        Assert.That(() => JsonConvert.DeserializeObject<TaskSucceeded>(States[0].Json), Throws.InstanceOf<JsonSerializationException>());
        Assert.That(() => Stj.Deserialize<TaskSucceeded>(States[0].Json), Throws.InstanceOf<System.Text.Json.JsonException>());
        Assert.That(() => JsonConvert.DeserializeObject<TaskState>("""{"status":"progress"}"""), Throws.InstanceOf<JsonSerializationException>().With.Message.Contains("task_id"));
    }

    [Test]
    public void A_state_never_shows_a_link_in_text_or_JSON()
    {
        var json = JObject.Parse(States[1].Json);
        json["result"]!["tracks"]![0]!["url"] = "http://cdn.example/t?signature=abc";
        json["result"]!["tracks"]![0]!["waveform"] = "https://cdn.example/w?signature=abc";
        json["result"]!["archive"] = "https://cdn.example/zip?signature=abc";
        json["preview"] = new JArray("https://cdn.example/p?signature=abc");

        var state = json.ToObject<TaskState>()!;

        Assert.That(((TaskSucceeded)state).Tracks[0].Url!.Query, Is.EqualTo("?signature=abc"), "The link itself was read.");
        foreach (var text in new[] { state.ToString(), JsonConvert.SerializeObject(state), Stj.Serialize(state), Stj.Serialize(((TaskSucceeded)state).Tracks[0]), $"{((TaskSucceeded)state).Tracks[0]}" })
        {
            Assert.That(text, Does.Not.Contain("signature"));
        }
    }

    [Test]
    public void States_and_tracks_are_equal_by_value()
    {
        var first = JsonConvert.DeserializeObject<TaskState>(States[1].Json);
        var second = JsonConvert.DeserializeObject<TaskState>(States[1].Json);

        Assert.That(first, Is.EqualTo(second));
        Assert.That(first!.GetHashCode(), Is.EqualTo(second!.GetHashCode()));
        Assert.That(((TaskSucceeded)first).Tracks[0], Is.Not.EqualTo(((TaskSucceeded)first).Tracks[1]));
    }

    [Test]
    public void A_track_round_trips_and_keeps_what_it_needs_to_be_downloaded()
    {
        var track = new TaskTrack { TaskId = new TaskId(TaskIdText), Label = "vocals", Type = TrackType.Stem, FileName = "song.mp3", Size = 7, Url = new Uri("https://cdn.example/t") };

        Assert.That(Stj.Deserialize<TaskTrack>(Stj.Serialize(track)), Is.EqualTo(track).And.Property("Url").Null.And.Property("ContentType").EqualTo("audio/mpeg"));
        Assert.That(JsonConvert.DeserializeObject<TaskTrack>(JsonConvert.SerializeObject(track)), Is.EqualTo(track));
        Assert.That(Normalize(Stj.Serialize(track)), Is.EqualTo(Normalize($$"""{"task_id":"{{TaskIdText}}","label":"vocals","type":"stem","name":"song.mp3","size":7}""")));
    }

    [Test]
    public void Presets_round_trip_as_the_union_and_as_the_case([ValueSource(nameof(AllPresets))] TaskPresets presets)
    {
        foreach (var json in new[] { JsonConvert.SerializeObject(presets), Stj.Serialize(presets), Stj.Serialize<object>(presets), JsonConvert.SerializeObject(new { presets }).Replace("""{"presets":""", "", StringComparison.Ordinal).TrimEnd('}') + "}" })
        {
            Assert.That(JsonConvert.DeserializeObject<TaskPresets>(json), Is.EqualTo(presets));
            Assert.That(JsonConvert.DeserializeObject(json, presets.GetType()), Is.EqualTo(presets));
            Assert.That(Stj.Deserialize<TaskPresets>(json), Is.EqualTo(presets));
            Assert.That(Stj.Deserialize(json, presets.GetType()), Is.EqualTo(presets));
        }
    }

    [Test]
    public void Presets_of_a_known_case_can_be_read_without_discriminators()
    {
        Assert.That(Stj.Deserialize<StemSeparatorPresets>("""{"stem":"guitar"}"""), Is.EqualTo(new StemSeparatorPresets { Stem = new Stem("guitar") }));
        Assert.That(Stj.Deserialize<TaskPresets>("""{"stem":"guitar"}"""), Is.TypeOf<UnknownTaskPresets>());
    }

    [Test]
    public void Presets_of_another_case_are_rejected() =>
        Assert.That(() => Stj.Deserialize<MultistemPresets>(Presets), Throws.InstanceOf<System.Text.Json.JsonException>().With.Message.Contains("stem_separator"));

    [Test]
    public void IDs_and_open_enums_are_strings_in_both_serializers_also_as_keys()
    {
        var values = new Dictionary<TaskId, Stem> { [new TaskId(TaskIdText)] = Stem.Vocals };
        const string Json = $$"""{"{{TaskIdText}}":"vocals"}""";

        Assert.That(JsonConvert.SerializeObject(values), Is.EqualTo(Json));
        Assert.That(Stj.Serialize(values), Is.EqualTo(Json));
        Assert.That(JsonConvert.DeserializeObject<Dictionary<TaskId, Stem>>(Json), Is.EqualTo(values));
        Assert.That(Stj.Deserialize<Dictionary<TaskId, Stem>>(Json), Is.EqualTo(values));
        Assert.That(Stj.Serialize(new { Id = new SourceId(SourceIdText), None = default(TaskId) }), Is.EqualTo($$"""{"Id":"{{SourceIdText}}","None":null}"""));
    }

    [Test]
    public void IDs_are_normalized_parsed_and_converted()
    {
        var upper = new TaskId(TaskIdText.ToUpperInvariant());

        Assert.That(upper, Is.EqualTo(new TaskId(TaskIdText)));
        Assert.That(TaskId.Parse($" {upper} "), Is.EqualTo(upper));
        Assert.That(TaskId.TryParse("song", out _), Is.False);
        Assert.That(() => TaskId.Parse("song"), Throws.TypeOf<FormatException>().With.Message.Contains("'song' is not a valid task ID"));
        Assert.That(TypeDescriptor.GetConverter(typeof(SourceId)).ConvertFromInvariantString(SourceIdText), Is.EqualTo(new SourceId(SourceIdText)));
        Assert.That(TypeDescriptor.GetConverter(typeof(Stem)).ConvertFromInvariantString("drum"), Is.EqualTo(Stem.Drum));
    }

    [Test]
    public void A_checkpoint_round_trips_through_both_serializers()
    {
        var checkpoint = new JobCheckpoint
        {
            Service = new Uri("https://www.lalal.ai/"),
            Presets = AllPresets[1],
            Source = new SourceFile { Id = new SourceId(SourceIdText), Name = "song.wav", Duration = TimeSpan.FromSeconds(3), ExpiresAt = DateTimeOffset.UnixEpoch },
            IdempotencyKey = Guid.NewGuid(),
            TaskId = new TaskId(TaskIdText),
            Tracks = [new JobTrack(0, "drum", "/out/drum.wav", 12)],
        };

        Assert.That(Stj.Deserialize<JobCheckpoint>(Stj.Serialize(checkpoint)), Is.EqualTo(checkpoint));
        Assert.That(JsonConvert.DeserializeObject<JobCheckpoint>(JsonConvert.SerializeObject(checkpoint)), Is.EqualTo(checkpoint));
    }

    [TestCase("""{"Presets":{"task_type":"split","label":"demuser"}}""", JobCheckpoint.CurrentVersion)]
    [TestCase("""{"Version":0,"Presets":{"task_type":"split","label":"demuser"}}""", 0)]
    [TestCase("""{"Version":99,"Presets":{"task_type":"split","label":"demuser"},"Future":{"Tracks":[1]}}""", 99)]
    public void A_checkpoint_of_another_version_is_read_by_both_serializers(string json, int version)
    {
        var checkpoint = new JobCheckpoint { Version = version, Presets = new DemuserPresets() };

        Assert.That(Stj.Deserialize<JobCheckpoint>(json), Is.EqualTo(checkpoint));
        Assert.That(JsonConvert.DeserializeObject<JobCheckpoint>(json), Is.EqualTo(checkpoint));
    }

    [Test]
    public void Results_of_batches_and_cancellations_show_their_case_with_System_Text_Json()
    {
        StartResult result = new StartSucceeded { SourceId = new SourceId(SourceIdText), IdempotencyKey = Guid.Empty, TaskId = new TaskId(TaskIdText) };
        CancelResult canceled = new CancelFailed { TaskId = new TaskId(TaskIdText), Error = "Too late" };

        Assert.That(Stj.Deserialize<StartResult>(Stj.Serialize(result)), Is.EqualTo(result));
        Assert.That(Stj.Deserialize<CancelResult>(Stj.Serialize(canceled)), Is.EqualTo(canceled));
    }

    [Test]
    public void Derived_keys_depend_on_every_name_and_look_like_version_4()
    {
        var key = IdempotencyKey.Derive("license", "spring/0001", "1");

        Assert.That(key, Is.EqualTo(IdempotencyKey.Derive("license", "spring/0001", "1")));
        Assert.That(key.ToString()[14], Is.EqualTo('4'));
        Assert.That(key.ToString()[19], Is.AnyOf('8', '9', 'a', 'b'));
        Assert.That(
            new[] { key, IdempotencyKey.Derive("license", "spring/0001", "2"), IdempotencyKey.Derive("license", "spring/00011"), IdempotencyKey.Derive("licensespring/0001", "1"), IdempotencyKey.Derive("spring/0001", "license", "1") },
            Is.Unique);
        Assert.That(() => IdempotencyKey.Derive(), Throws.ArgumentException);
        Assert.That(() => IdempotencyKey.Derive("a", null!), Throws.ArgumentException);
    }

    private static string Normalize(string json) => Sort(JToken.Parse(json)).ToString(Formatting.None);

    private static JToken Sort(JToken token) => token switch
    {
        JObject value => new JObject(value.Properties().OrderBy(property => property.Name, StringComparer.Ordinal).Select(property => new JProperty(property.Name, Sort(property.Value)))),
        JArray value => new JArray(value.Select(Sort)),
        _ => token.DeepClone(),
    };
}

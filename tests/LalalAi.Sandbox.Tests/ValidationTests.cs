using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

internal sealed class ValidationTests : SandboxFixture
{
    private const string Uuid = "2fe8f214-1771-4900-9e7e-570f823bd359";

    [TestCase("""{ "presets": { "stem": "vocals" } }""", "body.source_id", "missing")]
    [TestCase("""{ "source_id": "UUID" }""", "body.presets", "missing")]
    [TestCase("""{ "source_id": "UUID", "presets": {} }""", "body.presets.stem", "missing")]
    [TestCase("""{ "source_id": "UUID", "presets": null }""", "body.presets", "model_attributes_type")]
    [TestCase("""{ "source_id": "UUID", "presets": "vocals" }""", "body.presets", "model_attributes_type")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "kazoo" } }""", "body.presets.stem", "enum")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": null } }""", "body.presets.stem", "enum")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals", "splitter": "auto" } }""", "body.presets.splitter", "enum")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals", "splitter": null } }""", "body.presets.splitter", "enum")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals", "dereverb_enabled": "true" } }""", "body.presets.dereverb_enabled", "bool_type")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals", "dereverb_enabled": null } }""", "body.presets.dereverb_enabled", "bool_type")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals", "encoder_format": "MP3" } }""", "body.presets.encoder_format", "enum")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals", "multivocal": "back_lead" } }""", "body.presets.multivocal", "literal_error")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals", "extraction_level": "deep" } }""", "body.presets.extraction_level", "enum")]
    [TestCase("""{ "source_id": "song.wav", "presets": { "stem": "vocals" } }""", "body.source_id", "uuid_parsing")]
    [TestCase("""{ "source_id": 5, "presets": { "stem": "vocals" } }""", "body.source_id", "string_type")]
    [TestCase("""{ "source_id": "2fe8f214177149009e7e570f823bd359", "presets": { "stem": "vocals" } }""", "body.source_id", "uuid_parsing")]
    [TestCase("""{ "source_id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "presets": { "stem": "vocals" } }""", "body.source_id", "uuid_version")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals" }, "idempotency_key": "mine" }""", "body.idempotency_key", "uuid_parsing")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals" }, "idempotency_key": "6ba7b810-9dad-11d1-80b4-00c04fd430c8" }""", "body.idempotency_key", "uuid_version")]
    [TestCase("[]", "body", "model_attributes_type")]
    [TestCase("null", "body", "missing")]
    [TestCase("", "body", "missing")]
    [TestCase("{ \"source_id\": ", "body.15", "json_invalid")]
    [TestCase("{ 'source_id': 'UUID', 'presets': { 'stem': 'vocals' } }", "body.2", "json_invalid")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals", } }""", "body.86", "json_invalid")]
    [TestCase("""{ "source_id": "UUID", "presets": { "stem": "vocals" } } /* over */""", "body.89", "json_invalid")]
    public Task A_split_is_rejected(string body, string location, string type) => AssertRefusedAsync("split/stem_separator/", body, location, type);

    [TestCase("split/demuser/", """{ "source_id": "UUID", "presets": { "stem": "voice" } }""", "body.presets.stem", "literal_error")]
    [TestCase("split/voice_clean/", """{ "source_id": "UUID", "presets": { "stem": "music" } }""", "body.presets.stem", "literal_error")]
    [TestCase("split/voice_clean/", """{ "source_id": "UUID", "presets": { "stem": "voice", "noise_cancelling_level": 3 } }""", "body.presets.noise_cancelling_level", "enum")]
    [TestCase("split/voice_clean/", """{ "source_id": "UUID", "presets": { "stem": "voice", "noise_cancelling_level": "1" } }""", "body.presets.noise_cancelling_level", "int_type")]
    [TestCase("split/multistem/", """{ "source_id": "UUID", "presets": { "stem_list": [] } }""", "body.presets.stem_list", "too_short")]
    [TestCase("split/multistem/", """{ "source_id": "UUID", "presets": { "stem_list": "vocals" } }""", "body.presets.stem_list", "list_type")]
    [TestCase("split/multistem/", """{ "source_id": "UUID", "presets": { "stem_list": ["vocals", "wind"] } }""", "body.presets.stem_list.1", "enum")]
    [TestCase("split/batch/demuser/", """{ "items": [] }""", "body.items", "too_short")]
    [TestCase("split/batch/demuser/", """{ "items": [{ "source_id": "UUID", "presets": { "stem": "music" } }, { "presets": { "stem": "music" } }] }""", "body.items.1.source_id", "missing")]
    [TestCase("split/batch/stem_separator/", """{ "items": [{ "source_id": "UUID", "presets": { "stem": "vocals", "splitter": "auto" } }] }""", "body.items.0.presets.splitter", "enum")]
    [TestCase("change_voice/", """{ "source_id": "UUID", "presets": { "voice_pack_id": "NIK_ZEL", "accent": 1.01 } }""", "body.presets.accent", "less_than_equal")]
    [TestCase("change_voice/", """{ "source_id": "UUID", "presets": { "voice_pack_id": "NIK_ZEL", "accent": -0.5 } }""", "body.presets.accent", "greater_than_equal")]
    [TestCase("change_voice/", """{ "source_id": "UUID", "presets": { "voice_pack_id": "NIK_ZEL", "accent": "1" } }""", "body.presets.accent", "float_type")]
    [TestCase("change_voice/", """{ "source_id": "UUID", "presets": { "voice_pack_id": "NIK_ZEL", "accent": 1e400 } }""", "body.presets.accent", "less_than_equal")]
    [TestCase("split/voice_clean/", """{ "source_id": "UUID", "presets": { "stem": "voice", "noise_cancelling_level": 99999999999999999999999 } }""", "body.presets.noise_cancelling_level", "int_type")]
    [TestCase("split/voice_clean/", """{ "source_id": "UUID", "presets": { "stem": "voice", "noise_cancelling_level": 1.0 } }""", "body.presets.noise_cancelling_level", "int_type")]
    [TestCase("change_voice/", """{ "source_id": "UUID", "presets": { } }""", "body.presets.voice_pack_id", "missing")]
    [TestCase("check/", """{ "task_ids": "UUID" }""", "body.task_ids", "list_type")]
    [TestCase("check/", """{ "task_ids": ["UUID", "mine"] }""", "body.task_ids.1", "uuid_parsing")]
    [TestCase("cancel/", "{}", "body.task_ids", "missing")]
    [TestCase("delete/", """{ "source_id": "mine" }""", "body.source_id", "uuid_parsing")]
    public Task A_request_is_rejected(string path, string body, string location, string type) => AssertRefusedAsync(path, body, location, type);

    [Test]
    public async Task A_batch_of_more_than_a_hundred_is_rejected()
    {
        var item = new JObject { ["source_id"] = Uuid, ["presets"] = new JObject { ["stem"] = "music" } };
        var response = await Client.PostAsync("split/batch/demuser/", new JObject { ["items"] = new JArray(Enumerable.Repeat(item, 101)) });

        Assert.That(response.Fault, Is.EqualTo(("body.items", "too_long")));
    }

    [Test]
    public async Task Every_fault_of_a_body_is_reported_in_the_shape_of_FastAPI()
    {
        var response = await Client.PostAsync("split/voice_clean/", JObject.Parse("""{ "source_id": "x", "presets": { "stem": "kazoo" } }"""));

        Assert.That(response.Body["detail"]!.Select(fault => (string?)fault["msg"]), Is.EquivalentTo(new[]
        {
            "Input should be a valid UUID",
            "Input should be 'voice'",
        }));
        Assert.That(response.Body["detail"]![0]!.Children<JProperty>().Select(property => property.Name), Is.EqualTo(new[] { "loc", "msg", "type" }));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase(null)]
    public async Task JSON_without_its_content_type_is_rejected(string? contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{ "task_ids": [] }"""));
        content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);

        var response = await Client.SendAsync("check/", content);
        Assert.That((response.Code, response.Fault), Is.EqualTo((422, ("body", "model_attributes_type"))));
    }

    [Test]
    public async Task Text_that_is_not_UTF_8_is_rejected()
    {
        var content = new ByteArrayContent([.. "{ \"task_ids\": [\""u8, 0xE9, .. "\"] }"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        Assert.That((await Client.SendAsync("check/", content)).Fault.Type, Is.EqualTo("json_invalid"));
    }

    [Test]
    public async Task A_text_that_looks_like_a_date_is_left_alone()
    {
        var response = await Client.PostAsync("split/stem_separator/", JObject.Parse("""{ "source_id": "2025-10-20T12:00:00Z", "presets": { "stem": "vocals" } }"""));

        Assert.That(response.Fault, Is.EqualTo(("body.source_id", "uuid_parsing")));
    }

    private async Task AssertRefusedAsync(string path, string body, string location, string type)
    {
        var response = await Client.SendAsync(path, new StringContent(body.Replace("UUID", Uuid, StringComparison.Ordinal), Encoding.UTF8, "application/json"));

        Assert.That(response.Code, Is.EqualTo(422), response.Body.ToString());
        Assert.That(response.Fault, Is.EqualTo((location, type)));
    }
}

using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

internal sealed class StartTests : SandboxFixture
{
    private static readonly string Key = Guid.NewGuid().ToString();

    protected override SandboxOptions CreateOptions() => base.CreateOptions() with { MinutesPerLicense = 10, MaxSourceDuration = TimeSpan.FromMinutes(20) };

    [TestCase("split/stem_separator/", """{ "stem": "vocals" }""", 1)]
    [TestCase("split/stem_separator/", """{ "stem": "vocals", "multivocal": "lead_back" }""", 1)]
    [TestCase("split/demuser/", """{ "stem": "music" }""", 1)]
    [TestCase("split/voice_clean/", """{ "stem": "voice" }""", 1)]
    [TestCase("split/multistem/", """{ "stem_list": ["bass", "drum", "piano"] }""", 3)]
    [TestCase("change_voice/", """{ "voice_pack_id": "ALEX_KAYE" }""", 1)]
    public async Task A_start_costs_the_duration_times_the_stems(string path, string presets, int stems)
    {
        var start = await Client.StartAsync(path, await Client.UploadSecondsAsync(90), JObject.Parse(presets));

        Assert.That(start.Code, Is.EqualTo(200), start.Body.ToString());
        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(10 - (1.5 * stems)).Within(1e-9));
    }

    [Test]
    public async Task Start_that_fails_inside_the_sandbox_costs_nothing_and_has_a_reason()
    {
        // The source can be kept until just before the end of all dates, a task cannot.
        var clock = new FakeTimeProvider(DateTimeOffset.MaxValue - TimeSpan.FromHours(25));
        await using var server = await SandboxServer.StartAsync(CreateOptions() with { TimeProvider = clock });
        using var client = new ApiClient(server);
        var source = await client.UploadSecondsAsync(60);
        clock.Advance(TimeSpan.FromHours(2));
        var start = await client.SplitAsync(source);

        Assert.That((start.Code, await client.GetMinutesLeftAsync()), Is.EqualTo((500, 10)));
        Assert.That(start.Detail, Does.StartWith("The sandbox failed with ArgumentOutOfRangeException: ").And.Not.Contains(".cs"));
    }

    [Test]
    public async Task Start_is_rejected_once_no_minutes_are_left()
    {
        var source = await Client.UploadSecondsAsync(300);
        Assert.That((await Client.SplitAsync(source)).Code, Is.EqualTo(200));
        Assert.That((await Client.SplitAsync(source)).Code, Is.EqualTo(200));

        Assert.That(await Client.GetMinutesLeftAsync(), Is.Zero);
        var refused = await Client.SplitAsync(await Client.UploadSecondsAsync(1));
        Assert.That((refused.Code, refused.ErrorCode), Is.EqualTo((400, "exceeded_duration")));
    }

    [Test]
    public async Task A_rejected_start_costs_nothing()
    {
        await Client.StartAsync("split/multistem/", await Client.UploadSecondsAsync(301), new { stem_list = new[] { "bass", "drum" } });

        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(10));
    }

    [Test]
    public async Task A_source_longer_than_the_plan_allows_is_rejected()
    {
        var response = await Client.SplitAsync(await Client.UploadSecondsAsync(1201));

        Assert.That((response.Code, response.ErrorCode), Is.EqualTo((400, "max_duration")));
    }

    [Test]
    public async Task The_same_key_gives_the_same_task_while_it_is_queued()
    {
        var source = await Client.UploadSecondsAsync(60);
        var first = await Client.SplitAsync(source, Key);
        Clock.Advance(TimeSpan.FromSeconds(1.9));
        var second = await Client.SplitAsync(source, Key);

        Assert.That((string?)second.Body["task_id"], Is.EqualTo((string?)first.Body["task_id"]));
        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(9), "charged once");
    }

    [Test]
    public async Task The_same_key_is_rejected_once_the_task_is_processed()
    {
        var source = await Client.UploadSecondsAsync(60);
        await Client.SplitAsync(source, Key);
        Clock.Advance(TimeSpan.FromSeconds(2));
        var second = await Client.SplitAsync(source, Key);

        Assert.That((second.Code, second.ErrorCode), Is.EqualTo((400, "idempotency_key_used")));
        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(9));
    }

    [Test]
    public async Task The_same_key_is_rejected_for_other_parameters()
    {
        var source = await Client.UploadSecondsAsync(60);
        await Client.SplitAsync(source, Key);
        var second = await Client.StartAsync("split/stem_separator/", source, new { stem = "drum" }, Key);

        Assert.That(second.ErrorCode, Is.EqualTo("idempotency_key_used"));
    }

    [Test]
    public async Task Key_is_rejected_after_its_task_was_canceled()
    {
        var source = await Client.UploadSecondsAsync(60);
        await Client.SplitAsync(source, Key);
        await Client.PostAsync("cancel/all/");

        Assert.That((await Client.SplitAsync(source, Key)).ErrorCode, Is.EqualTo("idempotency_key_used"));
    }

    [Test]
    public async Task Starts_without_a_key_are_tasks_of_their_own()
    {
        var source = await Client.UploadSecondsAsync(60);

        string[] tasks = [await Client.SplitIdAsync(source), await Client.SplitIdAsync(source)];
        Assert.That(tasks, Is.Unique);
        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(8));
    }

    [Test]
    public async Task Key_of_many_simultaneous_starts_starts_one_task()
    {
        var source = await Client.UploadSecondsAsync(60);
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Client.SplitAsync(source, Key)));

        Assert.That(responses.Select(response => (string?)response.Body["task_id"]).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(9));
    }

    [Test]
    public async Task An_unknown_source_is_rejected_without_a_code()
    {
        var response = await Client.SplitAsync(Guid.NewGuid().ToString());

        Assert.That(response.Code, Is.EqualTo(400));
        Assert.That(response.Detail, Does.Contain("upload it again"));
        Assert.That(response.Body.ContainsKey("code"), Is.False);
    }

    [Test]
    public async Task Task_ID_is_not_accepted_as_a_source_ID()
    {
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(1));

        Assert.That((await Client.SplitAsync(task)).Code, Is.EqualTo(400));
    }

    [TestCase("""{ "stem": "strings", "splitter": "andromeda" }""", 400)]
    [TestCase("""{ "stem": "wind", "splitter": "orion" }""", 400)]
    [TestCase("""{ "stem": "synthesizer", "splitter": "phoenix" }""", 200)]
    [TestCase("""{ "stem": "synthesizer" }""", 200)]
    [TestCase("""{ "stem": "drum", "multivocal": "lead_back" }""", 400)]
    [TestCase("""{ "stem": "drum", "multivocal": null }""", 200)]
    [TestCase("""{ "stem": "drum", "unheard_of": 5 }""", 200)]
    public async Task Presets_that_cannot_be_combined_are_rejected(string presets, int status)
    {
        var response = await Client.StartAsync("split/stem_separator/", await Client.UploadSecondsAsync(1), JObject.Parse(presets));

        Assert.That(response.Code, Is.EqualTo(status), response.Body.ToString());
    }

    [Test]
    public async Task A_stem_list_is_a_set()
    {
        var response = await Client.StartAsync("split/multistem/", await Client.UploadSecondsAsync(1), new { stem_list = new[] { "bass", "bass" } });

        Assert.That(response.Code, Is.EqualTo(400));
    }

    [TestCase("ALEX_KAYE", 200)]
    [TestCase("VETRANA", 200)]
    [TestCase("alex_kaye", 400)]
    [TestCase("2fe8f214-1771-4900-9e7e-570f823bd359", 400)]
    public async Task A_voice_pack_must_be_known(string pack, int status)
    {
        var response = await Client.StartAsync("change_voice/", await Client.UploadSecondsAsync(1), new { voice_pack_id = pack });

        Assert.That(response.Code, Is.EqualTo(status));
    }

    [Test]
    public async Task Every_listed_voice_pack_can_be_used()
    {
        var packs = (await Client.PostAsync("voice_packs/list/")).Body["packs"]!;
        var source = await Client.UploadSecondsAsync(1);

        Assert.That(packs, Is.Not.Empty);
        foreach (var pack in packs)
        {
            Assert.That((await Client.StartAsync("change_voice/", source, new { voice_pack_id = (string)pack["pack_id"]! })).Code, Is.EqualTo(200));
        }
    }

    [TestCase("split/stem_separator/", """{ "stem": "vocals" }""",
        """{"task_type":"split","label":"stem_separator","splitter":"andromeda","dereverb_enabled":false,"encoder_format":null,"stem":"vocals","multivocal":null,"extraction_level":"deep_extraction"}""")]
    [TestCase("split/stem_separator/", """{ "stem": "wind", "encoder_format": "flac", "unheard_of": 1 }""",
        """{"task_type":"split","label":"stem_separator","splitter":"phoenix","dereverb_enabled":false,"encoder_format":"flac","stem":"wind","multivocal":null,"extraction_level":"deep_extraction"}""")]
    [TestCase("split/demuser/", """{ "stem": "music", "splitter": "orion" }""",
        """{"task_type":"split","label":"demuser","splitter":"orion","dereverb_enabled":false,"encoder_format":null,"stem":"music"}""")]
    [TestCase("split/voice_clean/", """{ "stem": "voice", "noise_cancelling_level": 2, "dereverb_enabled": true }""",
        """{"task_type":"split","label":"voice_clean","splitter":"lynx","dereverb_enabled":true,"encoder_format":null,"stem":"voice","noise_cancelling_level":2}""")]
    [TestCase("split/multistem/", """{ "stem_list": ["bass"] }""",
        """{"task_type":"split","label":"multistem","splitter":"andromeda","dereverb_enabled":false,"encoder_format":null,"stem_list":["bass"],"extraction_level":"deep_extraction"}""")]
    [TestCase("change_voice/", """{ "voice_pack_id": "NIK_ZEL", "accent": 0.5 }""",
        """{"task_type":"voice_convert","voice_pack_id":"NIK_ZEL","accent":0.5,"tonality_reference":"source_file","dereverb_enabled":false,"encoder_format":null}""")]
    public async Task A_check_echoes_the_presets_with_the_defaults_filled_in(string path, string presets, string echo)
    {
        var start = await Client.StartAsync(path, await Client.UploadSecondsAsync(1), JObject.Parse(presets));

        var task = await Client.CheckAsync((string)start.Body["task_id"]!);
        Assert.That(JToken.DeepEquals(Sort(task["presets"]!), Sort(JObject.Parse(echo))), task["presets"]!.ToString());
    }

    private static JObject Sort(JToken presets) => new(((JObject)presets).Properties().OrderBy(property => property.Name, StringComparer.Ordinal));
}

using System.Net;
using System.Reflection;
using System.Text;
using Newtonsoft.Json.Linq;

namespace LalalAi.Generated.Tests;

/// <summary>What each operation sends, to the byte.</summary>
public sealed class RequestTests
{
    private const string Source = "3f0b6c1e-9a52-4d0f-8c36-2f1d9f0a7b11";
    private const string Task1 = "7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34";
    private const string Task2 = "c2a1f0e8-6b7d-4e5c-8a9b-1d2e3f405162";
    private const string Key = "b8a7c6d5-e4f3-4a2b-9c1d-0e9f8a7b6c5d";

    private static readonly Dictionary<string, Func<ILalalAiApiClient, Task>> Operations = new()
    {
        ["Upload"] = api => api.UploadAsync("attachment; filename=\"song.wav\"", new MemoryStream(Encoding.ASCII.GetBytes("RIFF"))),
        ["SplitStemSeparator"] = api => api.SplitStemSeparatorAsync(StemSeparator),
        ["SplitMultistem"] = api => api.SplitMultistemAsync(new MultistemSplitParameters
        {
            SourceId = Source,
            Presets = new MultistemPresets { StemList = [Stem.Vocals, Stem.Drum], EncoderFormat = EncoderFormat.Flac, ExtractionLevel = ExtractionLevel.ClearCut },
            IdempotencyKey = Key,
        }),
        ["SplitDemuser"] = api => api.SplitDemuserAsync(Demuser),
        ["SplitVoiceClean"] = api => api.SplitVoiceCleanAsync(VoiceClean),
        ["SplitBatchStemSeparator"] = api => api.SplitBatchStemSeparatorAsync(new BatchStemSeparatorSplitParameters { Items = [StemSeparator, StemSeparator] }),
        ["SplitBatchDemuser"] = api => api.SplitBatchDemuserAsync(new BatchDemuserSplitParameters { Items = [Demuser] }),
        ["SplitBatchVoiceClean"] = api => api.SplitBatchVoiceCleanAsync(new BatchVoiceCleanSplitParameters { Items = [VoiceClean] }),
        ["ChangeVoice"] = api => api.ChangeVoiceAsync(new VoiceChangeParameters
        {
            SourceId = Source,
            Presets = new VoiceChangePresets { VoicePackId = "ALEX_KAYE", Accent = 0.5, TonalityReference = TonalityReference.VoicePack, DereverbEnabled = true },
            IdempotencyKey = Key,
        }),
        ["Check"] = api => api.CheckAsync(new CheckRequest { TaskIds = [Task1, Task2] }),
        ["Cancel"] = api => api.CancelAsync(new CancelRequest { TaskIds = [Task1] }),
        ["CancelAll"] = api => api.CancelAllAsync(),
        ["Delete"] = api => api.DeleteAsync(new DeleteParameters { SourceId = Source }),
        ["LimitsMinutesLeft"] = api => api.LimitsMinutesLeftAsync(),
        ["VoicePacksList"] = api => api.VoicePacksListAsync(),
    };

    private static StemSeparatorSplitParameters StemSeparator => new()
    {
        SourceId = Source,
        Presets = new StemSeparatorPresets { Stem = Stem.Vocals, Splitter = SplitterModel.Andromeda, Multivocal = Multivocal.LeadBack, DereverbEnabled = false },
        IdempotencyKey = Key,
    };

    private static DemuserSplitParameters Demuser => new() { SourceId = Source, Presets = new DemuserPresets(), IdempotencyKey = Key };

    private static VoiceCleanSplitParameters VoiceClean => new()
    {
        SourceId = Source,
        Presets = new VoiceCleanPresets { NoiseCancellingLevel = FilteringLevel.Aggressive },
        IdempotencyKey = Key,
    };

    private static IEnumerable<string> Names => Operations.Keys;

    [TestCaseSource(nameof(Names))]
    public async Task Each_operation_sends_what_the_contract_says(string operation)
    {
        using var wire = new Wire("""{ "result": {} }""");

        await Operations[operation](wire.Api);

        SnapshotAssert.Matches(wire.Request, "Request." + operation);
    }

    [Test]
    public void Every_operation_of_the_client_has_a_request_snapshot()
    {
        // A new kind of task fails a test of the facade, which knows what else it needs.
        var methods = typeof(ILalalAiApiClient).GetMethods().Where(method => !StartsTask(method)).Select(method => method.Name[..^"Async".Length]);

        Assert.That(
            Operations.Keys,
            Is.SupersetOf(methods),
            "An operation of the contract is new. It works at once through the raw client. Add an example request to Operations in this file, and an endpoint to src/LalalAi.Sandbox/Http.");
    }

    private static bool StartsTask(MethodInfo method)
    {
        var body = method.GetParameters()[0].ParameterType;
        return (body.GetProperty("Items")?.PropertyType.GetGenericArguments()[0] ?? body).GetProperty("Presets") is not null;
    }

    [Test]
    public async Task A_start_with_only_the_required_presets_sends_only_those()
    {
        using var wire = new Wire("""{ "task_id": "7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34" }""");

        await wire.Api.SplitStemSeparatorAsync(new StemSeparatorSplitParameters { SourceId = Source, Presets = new StemSeparatorPresets { Stem = Stem.Drum } });

        Assert.That(JToken.Parse(wire.Body), Is.EqualTo(JToken.Parse($$"""{ "source_id": "{{Source}}", "presets": { "stem": "drum" } }""")).Using(new JTokenEqualityComparer()));
    }

    [Test]
    public async Task Defaults_of_the_contract_are_never_sent()
    {
        foreach (var start in new Func<ILalalAiApiClient, Task>[]
        {
            api => api.SplitStemSeparatorAsync(new StemSeparatorSplitParameters { SourceId = Source, Presets = new StemSeparatorPresets { Stem = Stem.Vocals } }),
            api => api.SplitMultistemAsync(new MultistemSplitParameters { SourceId = Source, Presets = new MultistemPresets { StemList = [Stem.Vocals] } }),
            api => api.SplitDemuserAsync(new DemuserSplitParameters { SourceId = Source, Presets = new DemuserPresets() }),
            api => api.SplitVoiceCleanAsync(new VoiceCleanSplitParameters { SourceId = Source, Presets = new VoiceCleanPresets() }),
            api => api.ChangeVoiceAsync(new VoiceChangeParameters { SourceId = Source, Presets = new VoiceChangePresets { VoicePackId = "VETRANA" } }),
        })
        {
            using var wire = new Wire();
            await start(wire.Api);

            Assert.That(wire.Body, Does.Not.Contain("auto").And.Not.Contain("default").And.Not.Contain("null"));
            Assert.That(((JObject)JObject.Parse(wire.Body)["presets"]!).Count, Is.EqualTo(1), wire.Body);
        }
    }

    [Test]
    public async Task A_value_that_the_contract_does_not_list_can_be_sent()
    {
        using var wire = new Wire();
        var presets = new StemSeparatorPresets { Stem = new Stem("guitar"), AdditionalProperties = new AdditionalProperties { ["quality"] = 3 } };

        await wire.Api.SplitStemSeparatorAsync(new StemSeparatorSplitParameters { SourceId = Source, Presets = presets });

        Assert.That(JObject.Parse(wire.Body)["presets"], Is.EqualTo(JObject.Parse("""{ "stem": "guitar", "quality": 3 }""")).Using(new JTokenEqualityComparer()));
    }

    [Test]
    public async Task A_body_that_is_missing_is_an_argument_error()
    {
        using var wire = new Wire();

        await Assert.ThatAsync(() => wire.Api.CheckAsync(null!), Throws.ArgumentNullException);
        await Assert.ThatAsync(() => wire.Api.UploadAsync(null!, Stream.Null), Throws.ArgumentNullException);
        Assert.That(wire.Request, Is.Empty);
    }

    [Test]
    public async Task An_error_keeps_its_body_its_type_and_its_headers()
    {
        const string Body = """{"detail": "There is a task with this key.", "code": "idempotency_key_used"}""";
        using var wire = new Wire(Body, HttpStatusCode.BadRequest);

        var exception = await Assert.ThrowsAsync<ApiException<ApiErrorResponse>>(() => Operations["SplitDemuser"](wire.Api));

        Assert.Multiple(() =>
        {
            Assert.That(exception!.StatusCode, Is.EqualTo(400));
            Assert.That(exception!.Response, Is.EqualTo(Body));
            Assert.That(exception.Result.Code, Is.EqualTo("idempotency_key_used"));
            Assert.That(exception.Headers["X-Request-ID"], Is.EqualTo(new[] { "0123456789abcdef0123456789abcdef" }));
        });
    }

    [TestCase(HttpStatusCode.Forbidden, """{"detail": "Provide license key in 'X-License-Key' header"}""", "application/json")]
    [TestCase(HttpStatusCode.BadGateway, "<html><body>502 Bad Gateway</body></html>", "text/html")]
    [TestCase(HttpStatusCode.OK, "<html><body>Log in to the hotel's network</body></html>", "text/html")]
    public async Task An_answer_outside_the_contract_keeps_its_body_too(HttpStatusCode status, string body, string mediaType)
    {
        using var wire = new Wire(body, status, mediaType);

        var exception = await Assert.ThrowsAsync<ApiException>(() => wire.Api.LimitsMinutesLeftAsync());

        Assert.That(exception!.Response, Is.EqualTo(body));
        Assert.That(exception.StatusCode, Is.EqualTo((int)status));
    }
}

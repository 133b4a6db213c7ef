using LalalAi.Tests.Hosts;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Tasks;

/// <summary>Starts cost minutes: what is sent, and what the caller receives if there is no response.</summary>
public sealed class StartTests
{
    private static readonly SourceId Source = new("5e0c0f0e-1111-4222-8333-444455556666");

    private static readonly ScriptedResponse KeyUsed = ApiReply.Error(400, "idempotency_key_used");

    private static readonly (string Path, string Body, Func<LalalAiClient, StartOptions, Task<TaskId>> Start)[] Kinds =
    [
        ("split/stem_separator", """{"stem":"vocals"}""", (client, options) => client.StartAsync(Source, new StemSeparatorPresets { Stem = Stem.Vocals }, options)),
        ("split/multistem", """{"stem_list":["drum","bass"]}""", (client, options) => client.StartAsync(Source, new MultistemPresets { StemList = [Stem.Drum, Stem.Bass] }, options)),
        ("split/demuser", """{"stem":"music"}""", (client, options) => client.StartAsync(Source, new DemuserPresets(), options)),
        ("split/voice_clean", """{"stem":"voice","noise_cancelling_level":2}""", (client, options) => client.StartAsync(Source, new VoiceCleanPresets { NoiseCancellingLevel = FilteringLevel.Aggressive }, options)),
        ("change_voice", """{"voice_pack_id":"ALEX_KAYE","accent":0.5}""", (client, options) => client.StartAsync(Source, new VoiceChangePresets { VoicePackId = "ALEX_KAYE", Accent = 0.5 }, options)),
    ];

    [Test]
    public async Task Each_kind_of_task_is_started_with_what_was_set_and_the_callers_key([Values(0, 1, 2, 3, 4)] int kind)
    {
        var key = Guid.NewGuid();
        await using var server = ScriptedServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        var task = await Kinds[kind].Start(client, new StartOptions { IdempotencyKey = key });

        var expected = new JObject { ["source_id"] = Source.Value, ["presets"] = JObject.Parse(Kinds[kind].Body), ["idempotency_key"] = key.ToString() };
        Assert.That(task.Value, Is.EqualTo("0b9a7c5e-1111-4222-8333-444455556666"));
        Assert.That(server.Requests.Single().Path, Is.EqualTo($"/api/v1/{Kinds[kind].Path}/"));
        Assert.That(JToken.DeepEquals(JObject.Parse(server.Requests.Single().Text), expected), Is.True, server.Requests.Single().Text);
    }

    [Test]
    public async Task Each_call_has_a_new_key()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        await client.StartAsync(Source, new DemuserPresets());
        await client.StartAsync(Source, new DemuserPresets());

        Assert.That(server.Requests.Select(Key).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task StartAsync_returns_the_task_if_the_retry_after_a_lost_response_succeeds()
    {
        await using var server = ScriptedServer.Start(request => request.Number < 3 ? ScriptedResponse.Reset : ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        var task = await client.StartAsync(Source, new DemuserPresets());

        Assert.That(task.Value, Is.EqualTo("0b9a7c5e-1111-4222-8333-444455556666"));
        Assert.That(server.Requests.Select(Key).Distinct().Count(), Is.EqualTo(1));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Lost_response_and_a_used_key_mean_that_the_task_is_running_with_an_unknown_ID([Values] bool isKeyGiven)
    {
        var given = isKeyGiven ? Guid.NewGuid() : (Guid?)null;
        await using var server = ScriptedServer.Start(request => request.Number == 1 ? ScriptedResponse.Reset : KeyUsed);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiAmbiguousStartException>(() => client.StartAsync(Source, new DemuserPresets(), new StartOptions { IdempotencyKey = given }));

        Assert.Multiple(() =>
        {
            Assert.That(exception!.IsProbablyRunning, Is.True);
            Assert.That(exception.SourceId, Is.EqualTo(Source));
            Assert.That(exception.IdempotencyKey.ToString(), Is.EqualTo(Key(server.Requests[0])).And.EqualTo(Key(server.Requests[1])));
            Assert.That(given is null || exception.IdempotencyKey == given, Is.True);
            Assert.That(exception.Message, Does.Contain(exception.IdempotencyKey.ToString()));
        });
    }

    [Test]
    public async Task Start_without_any_response_is_ambiguous()
    {
        await using var server = ScriptedServer.Start(request => request.Number == 1 ? ApiReply.Error(502) : ScriptedResponse.Reset);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiAmbiguousStartException>(() => client.StartAsync(Source, new DemuserPresets()));

        Assert.That(exception!.IsProbablyRunning, Is.False);
        Assert.That(exception.IdempotencyKey.ToString(), Is.EqualTo(Key(server.Requests[0])));
        Assert.That(exception.InnerException, Is.TypeOf<LalalAiConnectionException>(), "The last error.");
    }

    [TestCase(429, null)]
    [TestCase(403, null)]
    [TestCase(400, "exceeded_duration")]
    [TestCase(404, null)]
    public async Task StartAsync_keeps_the_key_when_a_retry_is_rejected_after_a_lost_answer(int status, string? code)
    {
        await using var server = ScriptedServer.Start(request => request.Number == 1 ? ScriptedResponse.Reset : ApiReply.Error(status, code));
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiAmbiguousStartException>(() => client.StartAsync(Source, new DemuserPresets()));

        Assert.That(exception!.IsProbablyRunning, Is.False);
        Assert.That(exception.IdempotencyKey.ToString(), Is.EqualTo(Key(server.Requests[0])), "Without the key the start could not be repeated safely.");
        Assert.That(exception.InnerException, Is.InstanceOf<LalalAiApiException>().With.Property("StatusCode").EqualTo(status));
    }

    [Test]
    public async Task Malformed_request_is_not_ambiguous_after_a_lost_response()
    {
        await using var server = ScriptedServer.Start(request => request.Number == 1 ? ApiReply.Error(503) : ApiReply.Error(422));
        await using var client = ApiClients.For(server.Address);

        await Assert.ThrowsAsync<LalalAiValidationException>(() => client.StartAsync(Source, new DemuserPresets()));
    }

    [Test]
    public async Task Key_that_was_used_before_the_call_throws_its_own_exception()
    {
        var key = Guid.NewGuid();
        await using var server = ScriptedServer.Start(request => request.Number == 1 ? ApiReply.Error(429) : KeyUsed);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiIdempotencyKeyUsedException>(() => client.StartAsync(Source, new DemuserPresets(), new StartOptions { IdempotencyKey = key }));

        Assert.That(exception!.IdempotencyKey, Is.EqualTo(key));
        Assert.That(exception.Code, Is.EqualTo("idempotency_key_used"));
    }

    [TestCase("{}")]
    [TestCase("""{"status":"ok"}""")]
    [TestCase("""{"task_id":null}""")]
    public async Task StartAsync_retries_a_response_that_does_not_come_from_the_API(string body)
    {
        await using var server = ScriptedServer.Start(request => request.Number == 1 ? new ScriptedResponse { Body = body } : ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        var task = await client.StartAsync(Source, new DemuserPresets());

        Assert.That(task.Value, Is.EqualTo("0b9a7c5e-1111-4222-8333-444455556666"));
        Assert.That(server.Requests.Select(Key).Distinct().Count(), Is.EqualTo(1));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Start_without_a_response_of_the_API_is_ambiguous()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Empty);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiAmbiguousStartException>(() => client.StartAsync(Source, new DemuserPresets()));

        Assert.That(exception!.IsProbablyRunning, Is.False);
        Assert.That(exception.InnerException, Is.TypeOf<LalalAiApiException>().With.Message.Contain("does not come from the API"));
    }

    [TestCase("")]
    [TestCase("`b9a7c5e-1111-4222-8333-444455556666")]
    public async Task Response_without_a_task_ID_means_that_a_task_is_running(string id)
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = $$"""{"task_id":"{{id}}"}""" });
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiAmbiguousStartException>(() => client.StartAsync(Source, new DemuserPresets()));

        Assert.That(exception!.IsProbablyRunning, Is.True);
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Start_canceled_in_flight_throws_with_the_callers_token_and_its_key()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = ScriptedServer.StartReading(_ =>
        {
            cancellation.Cancel();
            return ApiReply.Started with { HoldUntil = ScriptedResponse.Forever };
        });
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiStartCanceledException>(() => client.StartAsync(Source, new DemuserPresets(), cancellationToken: cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(exception.SourceId, Is.EqualTo(Source));
        Assert.That(exception.IdempotencyKey.ToString(), Is.EqualTo(Key(server.Requests.Single())));
        Assert.That(exception.Message, Does.Contain(exception.IdempotencyKey.ToString()));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task StartAsync_keeps_the_key_when_it_is_canceled_before_a_retry(bool isLost)
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = ScriptedServer.StartReading(_ => isLost ? ScriptedResponse.Reset : ApiReply.Error(429));
        await using var client = ApiClients.For(server.Address, options =>
        {
            options.RetryDelay = TimeSpan.FromSeconds(1);
            options.RequestTimeout = TestClock.NoLimit;
            options.TimeProvider = new TestClock { DelayBegins = cancellation.Cancel };
        });

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => client.StartAsync(Source, new DemuserPresets(), cancellationToken: cancellation.Token));

        Assert.That(exception, isLost ? Is.TypeOf<LalalAiStartCanceledException>().With.Property("IdempotencyKey").EqualTo(Guid.Parse(Key(server.Requests.Single())!)) : Is.Not.TypeOf<LalalAiStartCanceledException>());
        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
    }

    [Test]
    public async Task Start_canceled_before_it_is_sent_throws_the_cancellation_alone([Values(0, 4)] int maxRetries)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address, options => options.MaxRetries = maxRetries);

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => client.StartAsync(Source, new DemuserPresets(), cancellationToken: new CancellationToken(canceled: true)));

        Assert.That(exception, Is.Not.TypeOf<LalalAiStartCanceledException>());
        Assert.That(server.Requests, Is.Empty);
    }

    private static string? Key(ScriptedRequest request) => (string?)JObject.Parse(request.Text)["idempotency_key"];
}

using LalalAi.Tests.Hosts;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Http;

/// <summary>Every fault in every operation: the number of retries, and the exception.</summary>
public sealed class FaultTableTests
{
    private const int Retries = 2;

    private static readonly SourceId Source = new("5e0c0f0e-1111-4222-8333-444455556666");

    // Repeated: whether another attempt may help. Lost: whether the operation may have been carried out all the same, which counts for starts.
    private static readonly Fault[] Faults =
    [
        new("400", ApiReply.Error(400), Repeated: false, Lost: false, typeof(LalalAiApiException)),
        new("400 internal_error", ApiReply.Error(400, "internal_error"), Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("400 exceeded_duration", ApiReply.Error(400, "exceeded_duration"), Repeated: false, Lost: false, typeof(LalalAiQuotaException)),
        new("400 exceeded_size", ApiReply.Error(400, "exceeded_size"), Repeated: false, Lost: false, typeof(LalalAiQuotaException)),
        new("400 max_duration", ApiReply.Error(400, "max_duration"), Repeated: false, Lost: false, typeof(LalalAiQuotaException)),
        new("400 batch_not_avaliable", ApiReply.Error(400, "batch_not_avaliable"), Repeated: false, Lost: false, typeof(LalalAiQuotaException)),
        new("400 a code that is new", ApiReply.Error(400, "solar_flare"), Repeated: false, Lost: false, typeof(LalalAiApiException)),
        new("401", ApiReply.Error(401), Repeated: false, Lost: false, typeof(LalalAiAuthenticationException)),
        new("402", ApiReply.Error(402), Repeated: false, Lost: false, typeof(LalalAiApiException)),
        new("403", ApiReply.Error(403), Repeated: false, Lost: false, typeof(LalalAiAuthenticationException)),
        new("403 with HTML", ApiReply.Error(403) with { Body = "<html>Blocked</html>" }, Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("404", ApiReply.Error(404), Repeated: false, Lost: false, typeof(LalalAiApiException)),
        new("404 with HTML", ApiReply.Error(404) with { Body = "<html>Not Found</html>" }, Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("405", ApiReply.Error(405), Repeated: false, Lost: false, typeof(LalalAiApiException)),
        new("408", ApiReply.Error(408), Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("413", ApiReply.Error(413), Repeated: false, Lost: false, typeof(LalalAiApiException)),
        new("422", ApiReply.Error(422), Repeated: false, Lost: false, typeof(LalalAiValidationException)),
        new("429", ApiReply.Error(429), Repeated: true, Lost: false, typeof(LalalAiRateLimitException)),
        new("500", ApiReply.Error(500), Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("502 with HTML", ApiReply.Error(502) with { Body = "<html>Bad Gateway</html>" }, Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("503", ApiReply.Error(503), Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("504 with nothing", ApiReply.Error(504) with { Body = "" }, Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("302", new ScriptedResponse { Status = 302, Headers = ["Location: http://127.0.0.1:9/elsewhere"] }, Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("307", new ScriptedResponse { Status = 307, Headers = ["Location: /api/v1/elsewhere/"] }, Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("200 with HTML", new ScriptedResponse { Body = "<html>Sign in to the network</html>" }, Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("200 with JSON that is cut", new ScriptedResponse { Body = """{"id":"6e6f""" }, Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("200 with nothing", new ScriptedResponse { Body = "" }, Repeated: true, Lost: true, typeof(LalalAiApiException)),
        new("connection refused", null, Repeated: true, Lost: true, typeof(LalalAiConnectionException)),
        new("a reset instead of the response", ScriptedResponse.Reset, Repeated: true, Lost: true, typeof(LalalAiConnectionException)),
        new("a response that is cut", new ScriptedResponse { Body = """{"id":"6e6f2f1a","task_id":"0b9a7c5e","minutes_left":1}""", CutAfter = 9 }, Repeated: true, Lost: true, typeof(LalalAiConnectionException)),
        new("no answer in time", ApiReply.Uploaded with { HoldUntil = ScriptedResponse.Forever }, Repeated: true, Lost: true, typeof(TimeoutException)),
    ];

    [Test]
    public async Task Every_operation_of_the_facade_is_in_the_table()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Error(403));
        await using var client = ApiClients.For(server.Address);

        foreach (var operation in FacadeOperation.All)
        {
            await Assert.ThrowsAsync<LalalAiAuthenticationException>(() => operation.Call(client));
        }

        Assert.That(server.Requests.Select(request => request.Path).Distinct().Count(), Is.EqualTo(15));
    }

    [Test]
    public async Task Each_fault_is_retried_only_where_a_retry_is_free(
        [ValueSource(nameof(FaultNames))] string faultName, [ValueSource(nameof(OperationNames))] string operationName)
    {
        var fault = Faults.Single(fault => fault.Name == faultName);
        var operation = FacadeOperation.All.Single(operation => operation.Name == operationName);
        var isHanging = fault.Exception == typeof(TimeoutException);
        // Each time costs time. Checks are retried by the loop of the waits, whose pauses have tests of their own.
        var retries = operationName == "Check" ? 0 : isHanging ? 1 : Retries;
        var attempts = new Attempts();
        var clock = new TestClock();
        await using var server = ScriptedServer.StartReading(_ => fault.Reply ?? ScriptedResponse.Reset);
        using var nowhere = new ClosedPort();
        await using var client = ApiClients.For(fault.Reply is null ? nowhere.Address : server.Address, options =>
        {
            options.MaxRetries = retries;
            options.TimeProvider = isHanging ? TimeProvider.System : clock;
            options.RequestTimeout = TimeSpan.FromDays(1);
            if (isHanging)
            {
                // By the system's clock. A slow machine may reach the limit before the server has the request: attempts are counted here.
                options.RequestTimeout = options.InactivityTimeout = options.UploadResponseTimeout = TimeSpan.FromMilliseconds(200);
                options.PrimaryHandlerFactory = () => attempts;
            }
        });

        var call = operation.Call(client);
        var outcome = await OutcomeAsync(call);

        Assert.That(outcome.Type, Is.EqualTo(Expected(fault, operation)), outcome.Text);
        Assert.That(outcome.Cause, Is.EqualTo(operation.Cost == Cost.Start && fault.Lost ? fault.Exception : null));
        Assert.That(outcome.Text, Does.Not.Contain("secret-key"));
        if (fault.Reply is not null)
        {
            Assert.That(isHanging ? attempts.Count : server.Requests.Count, Is.EqualTo(Requests(fault, operation, retries)));
        }

        if (fault.Reply is not null && operation.Cost != Cost.Free)
        {
            var keys = server.Requests.Where(request => request.IsComplete).Select(Key).Distinct().Count();
            Assert.That(keys, isHanging ? Is.LessThanOrEqualTo(1) : Is.EqualTo(1), "One key for all attempts.");
        }
    }

    [Test]
    public async Task Start_with_a_used_key_is_not_retried()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Error(400, "idempotency_key_used"));
        await using var client = ApiClients.For(server.Address);

        await Assert.ThrowsAsync<LalalAiIdempotencyKeyUsedException>(() => client.StartAsync(Source, new DemuserPresets()));

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    private static IEnumerable<string> FaultNames() => Faults.Select(fault => fault.Name);

    private static IEnumerable<string> OperationNames() => FacadeOperation.All.Select(operation => operation.Name);

    private static Type Expected(Fault fault, FacadeOperation operation) => operation.Cost switch
    {
        Cost.Start when fault.Lost => typeof(LalalAiAmbiguousStartException),
        Cost.Batch when fault.Lost => typeof(StartAmbiguous),
        Cost.Batch when IsWithoutBatches(fault) => typeof(StartFailed),
        _ => fault.Exception,
    };

    private static int Requests(Fault fault, FacadeOperation operation, int retries) =>
        fault.Repeated ? retries + 1 : operation.Cost == Cost.Batch && IsWithoutBatches(fault) ? 2 : 1;

    private static bool IsWithoutBatches(Fault fault) => fault.Name.EndsWith("batch_not_avaliable", StringComparison.Ordinal);

    private static string? Key(ScriptedRequest request) => (string?)JObject.Parse(request.Text).SelectToken("$..idempotency_key");

    /// <summary>What the caller gets: an exception, or the one result of a batch.</summary>
    private static async Task<(Type? Type, Type? Cause, string Text)> OutcomeAsync(Task call)
    {
        try
        {
            await call;
            return call is Task<IReadOnlyList<StartResult>> batch ? ((await batch).Single().GetType(), null, string.Join(' ', await batch)) : (null, null, "success");
        }
        catch (Exception exception)
        {
            return (exception.GetType(), exception is LalalAiAmbiguousStartException ? exception.InnerException?.GetType() : null, exception.ToString());
        }
    }

    /// <summary>Counts the requests on their way to the network.</summary>
    private sealed class Attempts() : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _count;

        public int Count => _count;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <param name="Name">What goes wrong.</param>
    /// <param name="Reply">What the server does; <see langword="null"/> when there is none.</param>
    /// <param name="Repeated">Whether the request is sent again.</param>
    /// <param name="Lost">Whether a start may have gone through.</param>
    /// <param name="Exception">What the caller gets in the end.</param>
    private sealed record Fault(string Name, ScriptedResponse? Reply, bool Repeated, bool Lost, Type Exception);
}

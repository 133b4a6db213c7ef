using System.Diagnostics;
using LalalAi.Tests.Hosts;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Tasks;

/// <summary>A canceled batch returns the results of all requests that were sent.</summary>
public sealed class CanceledBatchTests
{
    private CancellationTokenSource _cancellation = null!;

    [SetUp]
    public void Begin() => _cancellation = new CancellationTokenSource();

    [TearDown]
    public void Dispose() => _cancellation.Dispose();

    [Test]
    public async Task Batch_canceled_in_its_second_request_reports_the_results_of_both()
    {
        await using var server = ScriptedServer.StartReading(request => request.Number == 1 ? Accept(request) : CancelAndHold());
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiBatchCanceledException>(() => client.StartBatchAsync(Items(250), cancellationToken: _cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(_cancellation.Token));
        Assert.That(exception.Results, Has.Count.EqualTo(200), "The last 50 were not sent.");
        Assert.That(exception.Results.Take(100).Select(start => (start as StartSucceeded)?.TaskId.Value), Is.EqualTo(Enumerable.Range(0, 100).Select(index => BatchStartTests.TaskOf($"source {index}"))));
        Assert.That(exception.Results.Skip(100), Has.All.TypeOf<StartAmbiguous>());
        Assert.That(exception.Results.Skip(100).Select(start => start.IdempotencyKey.ToString()), Is.EqualTo(Sent(server.Requests[1]).Select(item => (string?)item["idempotency_key"])));
    }

    [Test]
    public async Task Batch_canceled_between_its_requests_sends_no_more_of_them()
    {
        await using var server = ScriptedServer.StartReading(Accept);
        await using var client = ApiClients.For(server.Address);
        // An activity stops when its call has returned, which is between the requests.
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "LalalAi",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ => _cancellation.Cancel(),
        };
        ActivitySource.AddActivityListener(listener);

        var exception = await Assert.ThrowsAsync<LalalAiBatchCanceledException>(() => client.StartBatchAsync(Items(150), cancellationToken: _cancellation.Token));

        Assert.That(exception!.Results, Has.Count.EqualTo(100));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Batch_canceled_with_another_exception_reports_what_was_started()
    {
        var keys = 0;
        await using var server = ScriptedServer.StartReading(Accept);
        await using var client = ApiClients.For(server.Address, options => options.LicenseKeyProvider = _ => ++keys == 1 ? new("secret-key") : CancelAndThrow());

        var exception = await Assert.ThrowsAsync<LalalAiBatchCanceledException>(() => client.StartBatchAsync(Items(150), cancellationToken: _cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(_cancellation.Token));
        Assert.That(exception.Results, Has.Count.EqualTo(100).And.All.TypeOf<StartSucceeded>());
        Assert.That(exception.InnerException?.InnerException, Is.TypeOf<InvalidOperationException>());
    }

    [Test]
    public async Task Canceled_batch_of_single_starts_leaves_only_the_running_start_unknown()
    {
        await using var server = ScriptedServer.StartReading(request => request.Number switch
        {
            1 => ApiReply.Error(400, "batch_not_avaliable"),
            2 or 3 => ApiReply.Started,
            _ => CancelAndHold(),
        });
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiBatchCanceledException>(() => client.StartBatchAsync(Items(5), cancellationToken: _cancellation.Token));

        Assert.That(exception!.Results.Select(start => start.GetType()), Is.EqualTo(new[] { typeof(StartSucceeded), typeof(StartSucceeded), typeof(StartAmbiguous) }));
    }

    [Test]
    public async Task Batch_canceled_before_its_first_request_throws_the_cancellation_alone()
    {
        await using var server = ScriptedServer.StartReading(Accept);
        await using var client = ApiClients.For(server.Address);
        await _cancellation.CancelAsync();

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => client.StartBatchAsync(Items(3), cancellationToken: _cancellation.Token));

        Assert.That(exception, Is.Not.TypeOf<LalalAiBatchCanceledException>());
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Failure_of_a_handler_keeps_what_was_started()
    {
        await using var server = ScriptedServer.StartReading(Accept);
        using var handler = new Moody(failsAt: 2);
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = server.Address, LicenseKey = "secret-key", PrimaryHandlerFactory = () => handler });

        var starts = await client.StartBatchAsync(Items(250));

        Assert.That(starts.Take(100), Has.All.TypeOf<StartSucceeded>());
        Assert.That(starts.Skip(100).Take(100), Has.All.TypeOf<StartAmbiguous>());
        Assert.That(starts.Skip(200), Has.All.TypeOf<StartSucceeded>());
    }

    private ValueTask<string> CancelAndThrow()
    {
        _cancellation.Cancel();
        throw new InvalidOperationException("The vault closes the connection.");
    }

    private ScriptedResponse CancelAndHold()
    {
        _cancellation.Cancel();
        return new ScriptedResponse { HoldUntil = ScriptedResponse.Forever };
    }

    private static List<StartRequest> Items(int count) => [.. Enumerable.Range(0, count).Select(index => new StartRequest(new SourceId($"source {index}"), new DemuserPresets()))];

    private static JArray Sent(ScriptedRequest request) => (JArray)JObject.Parse(request.Text)["items"]!;

    private static ScriptedResponse Accept(ScriptedRequest request) => new()
    {
        Body = new JObject { ["results"] = new JArray(Sent(request).Select(item => new JObject { ["status"] = "success", ["task_id"] = BatchStartTests.TaskOf((string)item["source_id"]!) })) }.ToString(),
    };

    /// <summary>A handler of the user's that fails after the service has answered.</summary>
    private sealed class Moody(int failsAt) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _requests;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            return ++_requests == failsAt ? throw new InvalidOperationException("Not today.") : response;
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using LalalAi.Tests.Hosts;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Tasks;

/// <summary>Batches of any length return one result for each item, in order, even if requests fail.</summary>
public sealed class BatchStartTests
{
    [Test]
    public async Task Batch_is_split_into_requests_of_100_and_keeps_the_order()
    {
        await using var server = ScriptedServer.StartReading(Accept);
        await using var client = ApiClients.For(server.Address);
        var items = Items(250);

        var starts = await client.StartBatchAsync(items);

        Assert.That(server.Requests.Select(request => Sent(request).Count), Is.EqualTo(new[] { 100, 100, 50 }));
        Assert.That(starts.Select(start => start.SourceId), Is.EqualTo(items.Select(item => item.SourceId)));
        Assert.That(starts.Cast<StartSucceeded>().Select(start => start.TaskId.Value), Is.EqualTo(items.Select(item => TaskOf(item.SourceId.Value))));
    }

    [Test]
    public async Task Empty_batch_sends_no_request()
    {
        await using var server = ScriptedServer.StartReading(Accept);
        await using var client = ApiClients.For(server.Address);

        Assert.That(await client.StartBatchAsync(Items(0)), Is.Empty);
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Each_item_has_the_callers_key_or_a_new_one()
    {
        var key = Guid.NewGuid();
        await using var server = ScriptedServer.StartReading(Accept);
        await using var client = ApiClients.For(server.Address);

        var starts = await client.StartBatchAsync([.. Items(2), new StartRequest(new SourceId("mine"), new DemuserPresets(), key)]);

        Assert.That(starts.Select(start => start.IdempotencyKey.ToString()), Is.EqualTo(Sent(server.Requests.Single()).Select(item => (string?)item["idempotency_key"])));
        Assert.That(starts.Select(start => start.IdempotencyKey).Distinct().Count(), Is.EqualTo(3));
        Assert.That(starts[2].IdempotencyKey, Is.EqualTo(key));
    }

    [Test]
    public async Task Batch_has_a_result_for_each_item()
    {
        await using var server = ScriptedServer.StartReading(_ => new ScriptedResponse
        {
            Body = """{"results":[{"status":"success","task_id":"0b9a7c5e-1111-4222-8333-444455556666"},{"status":"error","code":"exceeded_duration","error":"no minutes"},{"status":"postponed"},{"status":"success","task_id":"no UUID"},null]}""",
        });
        await using var client = ApiClients.For(server.Address);

        var starts = await client.StartBatchAsync(Items(6));

        Assert.That(starts.Select(start => start.GetType()), Is.EqualTo(new[] { typeof(StartSucceeded), typeof(StartFailed), typeof(StartAmbiguous), typeof(StartAmbiguous), typeof(StartAmbiguous), typeof(StartAmbiguous) }));
        Assert.That(((StartFailed)starts[1]).Code.Value, Is.EqualTo("exceeded_duration"));
        Assert.That(((StartAmbiguous)starts[2]).Error, Does.Contain("postponed"));
    }

    [Test]
    public async Task Batch_with_one_invalid_item_sends_nothing()
    {
        await using var server = ScriptedServer.StartReading(Accept);
        await using var client = ApiClients.For(server.Address);

        await Assert.ThrowsAsync<ArgumentException>(() => client.StartBatchAsync([.. Items(150), new StartRequest(default, new DemuserPresets())]));

        Assert.That(server.Requests, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Plan_without_batches_falls_back_to_single_starts_and_is_remembered(bool isRefusedAsAWhole)
    {
        await using var server = ScriptedServer.StartReading(request => !IsBatch(request) ? ApiReply.Started : isRefusedAsAWhole ? ApiReply.Error(400, "batch_not_avaliable") : WithoutBatches(request));
        await using var client = ApiClients.For(server.Address);

        var starts = await client.StartBatchAsync(Items(130));

        Assert.That(starts, Has.Count.EqualTo(130).And.All.InstanceOf<StartSucceeded>());
        Assert.That(server.Requests.Count(IsBatch), Is.EqualTo(1));
        Assert.That(server.Requests.Where(request => !IsBatch(request)).Select(Key), Is.EqualTo(starts.Select(start => start.IdempotencyKey.ToString())));
    }

    [Test]
    public async Task Plan_without_batches_fails_every_item_if_the_fallback_is_disabled()
    {
        await using var server = ScriptedServer.StartReading(WithoutBatches);
        await using var client = ApiClients.For(server.Address);

        var starts = await client.StartBatchAsync(Items(130), new BatchOptions { FallBackToSingleStarts = false });

        Assert.That(starts, Has.Count.EqualTo(130).And.All.InstanceOf<StartFailed>().With.All.Property("Code").EqualTo(StartErrorCode.BatchNotAvaliable));
        Assert.That(server.Requests.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Retried_batch_sends_the_same_keys()
    {
        await using var server = ScriptedServer.StartReading(request => request.Number switch
        {
            1 => ScriptedResponse.Reset,
            2 => ApiReply.Error(503),
            _ => Accept(request),
        });
        await using var client = ApiClients.For(server.Address);

        await client.StartBatchAsync(Items(3));

        Assert.That(server.Requests, Has.Count.EqualTo(3));
        Assert.That(server.Requests.Select(request => request.Text).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Batch_retries_a_response_that_does_not_come_from_the_API([Values("{}", """{"results":[]}""", """{"status":"ok"}""", """{"results":null}""", "<html>")] string body)
    {
        await using var server = ScriptedServer.StartReading(request => request.Number == 1 ? new ScriptedResponse { Body = body } : Accept(request));
        await using var client = ApiClients.For(server.Address);

        var starts = await client.StartBatchAsync(Items(3));

        Assert.That(starts, Has.All.TypeOf<StartSucceeded>());
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Batch_with_a_lost_response_returns_an_ambiguous_result_with_its_key_for_each_item()
    {
        await using var server = ScriptedServer.StartReading(request => Sent(request) is [var first, ..] && (string?)first["source_id"] == "source 100" ? ScriptedResponse.Reset : Accept(request));
        await using var client = ApiClients.For(server.Address);

        var starts = await client.StartBatchAsync(Items(250));

        Assert.That(starts.Take(100), Has.All.InstanceOf<StartSucceeded>(), "What was started before is not lost.");
        Assert.That(starts.Skip(100).Take(100), Has.All.InstanceOf<StartAmbiguous>());
        Assert.That(starts.Skip(200), Has.All.InstanceOf<StartSucceeded>());
        var lost = server.Requests.First(request => (string?)Sent(request)[0]["source_id"] == "source 100");
        Assert.That(starts.Skip(100).Take(100).Select(start => start.IdempotencyKey.ToString()), Is.EqualTo(Sent(lost).Select(item => (string?)item["idempotency_key"])));
    }

    [Test]
    public async Task Used_key_after_a_lost_response_means_that_the_task_is_running()
    {
        await using var server = ScriptedServer.StartReading(request => request.Number == 1 ? ScriptedResponse.Reset : Answer(request, _ => new JObject { ["status"] = "error", ["code"] = "idempotency_key_used", ["error"] = "used" }));
        await using var client = ApiClients.For(server.Address);

        var starts = await client.StartBatchAsync(Items(2));

        Assert.That(starts, Has.All.InstanceOf<StartAmbiguous>(), "It did not fail; its id is not known.");
    }

    [Test]
    public async Task A_key_that_was_used_before_the_call_fails_its_item()
    {
        await using var server = ScriptedServer.StartReading(request => Answer(request, _ => new JObject { ["status"] = "error", ["code"] = "idempotency_key_used", ["error"] = "used" }));
        await using var client = ApiClients.For(server.Address);

        Assert.That(await client.StartBatchAsync(Items(2)), Has.All.InstanceOf<StartFailed>());
    }

    [TestCase(403)]
    [TestCase(429)]
    [TestCase(400)]
    public async Task Rejected_request_throws_if_nothing_was_started(int status)
    {
        await using var server = ScriptedServer.StartReading(_ => ApiReply.Error(status));
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.CatchAsync<LalalAiApiException>(() => client.StartBatchAsync(Items(150)));

        Assert.That(exception!.StatusCode, Is.EqualTo(status));
    }

    [TestCase(403)]
    [TestCase(429)]
    [TestCase(400)]
    public async Task Rejected_later_request_fails_its_items_and_keeps_the_started_tasks(int status)
    {
        await using var server = ScriptedServer.StartReading(request => request.Number == 1 ? Accept(request) : ApiReply.Error(status));
        await using var client = ApiClients.For(server.Address);

        var starts = await client.StartBatchAsync(Items(150));

        Assert.That(starts.Take(100), Has.All.InstanceOf<StartSucceeded>());
        Assert.That(starts.Skip(100), Has.Exactly(50).InstanceOf<StartFailed>());
        Assert.That(((StartFailed)starts[149]).Error, Does.Contain($"HTTP {status}"));
    }

    [Test]
    public async Task Rejected_later_single_start_keeps_the_started_tasks([Values(403, 400)] int status)
    {
        await using var server = ScriptedServer.StartReading(request => IsBatch(request) ? WithoutBatches(request) : request.Number <= 3 ? ApiReply.Started : ApiReply.Error(status));
        await using var client = ApiClients.For(server.Address);

        var starts = await client.StartBatchAsync(Items(4));

        Assert.That(starts.Select(start => start.GetType()), Is.EqualTo(new[] { typeof(StartSucceeded), typeof(StartSucceeded), typeof(StartFailed), typeof(StartFailed) }));
    }

    private static List<StartRequest> Items(int count) => [.. Enumerable.Range(0, count).Select(index => new StartRequest(new SourceId($"source {index}"), new DemuserPresets()))];

    private static bool IsBatch(ScriptedRequest request) => request.Path.Contains("/batch/", StringComparison.Ordinal);

    private static string? Key(ScriptedRequest request) => (string?)JObject.Parse(request.Text)["idempotency_key"];

    private static List<JToken> Sent(ScriptedRequest request) => [.. JObject.Parse(request.Text)["items"]!];

    /// <summary>The id of the task that is started on a source.</summary>
    internal static string TaskOf(string source) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(source)).AsSpan(0, 16)).ToString();

    private static ScriptedResponse Accept(ScriptedRequest request) => Answer(request, item => new JObject { ["status"] = "success", ["task_id"] = TaskOf((string)item["source_id"]!) });

    private static ScriptedResponse WithoutBatches(ScriptedRequest request) => Answer(request, _ => new JObject { ["status"] = "error", ["code"] = "batch_not_avaliable", ["error"] = "no batches" });

    private static ScriptedResponse Answer(ScriptedRequest request, Func<JToken, JObject> result) => new() { Body = new JObject { ["results"] = new JArray(Sent(request).Select(result)) }.ToString() };
}

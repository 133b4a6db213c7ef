using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Http;

/// <summary>When a request is retried, by the client's clock, and how a canceled call ends.</summary>
public sealed class RetryDelayTests
{
    [Test]
    public async Task Retry_delay_grows_up_to_30_seconds()
    {
        var waits = await WaitsAsync(ApiReply.Error(503), retries: 10);

        Assert.That(waits, Has.Length.EqualTo(10));
        Assert.That(waits.Take(5).Select((wait, retry) => wait.TotalSeconds / Math.Pow(2, retry)), Is.All.InRange(0.75, 1.25));
        Assert.That(waits.Skip(5), Is.All.InRange(TimeSpan.FromSeconds(22.5), TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task Retry_after_is_honored()
    {
        Assert.That(await WaitsAsync(ApiReply.Error(429) with { Headers = ["Retry-After: 7"] }, retries: 3), Is.EqualTo(Enumerable.Repeat(TimeSpan.FromSeconds(7), 3)));
    }

    [Test]
    public async Task Retry_after_an_hour_is_limited_to_5_minutes()
    {
        Assert.That(await WaitsAsync(ApiReply.Error(503) with { Headers = ["Retry-After: 3600"] }, retries: 1), Has.All.EqualTo(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public async Task Retry_after_a_date_counts_from_the_date_of_the_response()
    {
        var reply = ApiReply.Error(503) with
        {
            Headers = ["Date: Thu, 01 Jan 2026 00:00:00 GMT", "Retry-After: Thu, 01 Jan 2026 00:00:09 GMT"],
        };

        Assert.That(await WaitsAsync(reply, retries: 1), Is.EqualTo(new[] { TimeSpan.FromSeconds(9) }));
    }

    [TestCase("NaN")]
    [TestCase("-Infinity")]
    public async Task Retry_after_a_number_that_is_no_time_is_ignored(string value)
    {
        var waits = await WaitsAsync(ApiReply.Error(503) with { Headers = [$"Retry-After: {value}"] }, retries: 1);

        Assert.That(waits.Single().TotalSeconds, Is.InRange(0.75, 1.25));
    }

    [Test]
    public async Task Call_throws_with_the_callers_token_when_canceled_before_a_retry()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = ScriptedServer.Start(_ => ApiReply.Error(503));
        await using var client = Client(server, new TestClock { DelayBegins = cancellation.Cancel }, retries: 4);

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => client.GetMinutesLeftAsync(cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Call_throws_with_the_callers_token_when_canceled_during_its_answer()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = ScriptedServer.Start(_ =>
        {
            cancellation.Cancel();
            return new ScriptedResponse { HoldUntil = ScriptedResponse.Forever };
        });
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => client.GetMinutesLeftAsync(cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(server.Requests, Has.Count.LessThanOrEqualTo(1));
    }

    private static LalalAiClient Client(ScriptedServer server, TimeProvider clock, int retries) => ApiClients.For(server.Address, options =>
    {
        options.TimeProvider = clock;
        options.MaxRetries = retries;
        options.RetryDelay = TimeSpan.FromSeconds(1);
        options.RequestTimeout = TestClock.NoLimit;
    });

    /// <summary>The waits between the attempts of a call that fails.</summary>
    private static async Task<TimeSpan[]> WaitsAsync(ScriptedResponse reply, int retries)
    {
        var clock = new TestClock { SkipsDelays = true };
        await using var server = ScriptedServer.Start(_ => reply);
        await using var client = Client(server, clock, retries);

        await Assert.CatchAsync<LalalAiApiException>(() => client.GetMinutesLeftAsync());

        return [.. clock.Delays];
    }
}

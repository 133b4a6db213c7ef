using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Polling;

/// <summary>What becomes of waits when checks fail.</summary>
public sealed class CheckFailureTests
{
    private static readonly object[] Passing =
    [
        new object[] { "500", () => CheckEndpoint.Error(500) },
        new object[] { "502 with a page", () => CheckEndpoint.Error(502, "<html>Bad Gateway</html>") },
        new object[] { "503", () => CheckEndpoint.Error(503) },
        new object[] { "408", () => CheckEndpoint.Error(408) },
        new object[] { "400 internal_error", () => CheckEndpoint.Error(400, """{"detail":"oops","code":"internal_error"}""") },
        new object[] { "a page instead of JSON", () => CheckEndpoint.Error(200, "<html>Maintenance</html>") },
        new object[] { "half of the JSON", () => CheckEndpoint.Error(200, """{"result":{"a":{"sta""") },
        new object[] { "nothing at all", () => CheckEndpoint.Error(200, string.Empty) },
        new object[] { "another JSON", () => CheckEndpoint.Error(200, """{"message":"Down for maintenance"}""") },
        new object[] { "a list as result", () => CheckEndpoint.Error(200, """{"result":[1]}""") },
        new object[] { "no connection", () => Task.FromException<HttpResponseMessage>(new HttpRequestException("Connection refused")) },
        new object[] { "a broken connection", () => Task.FromException<HttpResponseMessage>(new IOException("Reset by peer")) },
        new object[] { "a time-out of a handler", () => Task.FromException<HttpResponseMessage>(new TaskCanceledException("HttpClient.Timeout")) },
    ];

    private static readonly object[] Lasting =
    [
        new object[] { 401, typeof(LalalAiAuthenticationException) },
        new object[] { 403, typeof(LalalAiAuthenticationException) },
        new object[] { 302, typeof(LalalAiApiException) },
    ];

    [TestCaseSource(nameof(Passing))]
    public async Task A_failure_that_may_pass_does_not_end_a_wait(string what, Func<Task<HttpResponseMessage>> failure)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) => number < 5 ? failure() : null;

        var wait = rig.Wait();
        await rig.AdvanceAsync(60);

        await PollingRig.Soon(wait);
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(6), what);
    }

    [TestCaseSource(nameof(Lasting))]
    public async Task A_failure_that_lasts_ends_every_wait_of_its_request(int status, Type exception)
    {
        await using var rig = new PollingRig();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        rig.Endpoint.Answer = (number, _) => number == 0 ? answer.Task : CheckEndpoint.Error(status);
        var waits = Enumerable.Range(0, 3).Select(number => rig.Wait(number)).ToList();
        await rig.SettleAsync();
        answer.SetResult(rig.Endpoint.FromTable(new CheckCall(TimeSpan.Zero, [PollingRig.Id(0).Value])));

        await rig.AdvanceAsync(2.5);

        foreach (var wait in waits)
        {
            var thrown = (await Assert.CatchAsync<LalalAiApiException>(() => PollingRig.Soon(wait)))!;
            Assert.That((thrown.GetType(), thrown.StatusCode), Is.EqualTo((exception, status)));
        }

        await rig.AdvanceAsync(60);
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(2), "Nobody waits any more.");
    }

    [Test]
    public async Task A_failure_that_lasts_ends_no_wait_of_another_request()
    {
        await using var rig = new PollingRig();
        var refused = PollingRig.Id(0).Value;
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (_, call) => call.Ids.Contains(refused) ? CheckEndpoint.Error(403) : null;
        var waits = PollingRig.Ids(600).Select(id => rig.Poller.WaitAsync(id, null, null, default)).ToList();

        await rig.AdvanceAsync(15);

        await PollingRig.Fails<LalalAiAuthenticationException>(waits[0]);
        var ends = await Task.WhenAll(waits.Select(wait => PollingRig.Soon(wait).ContinueWith(end => end.IsCompletedSuccessfully, TaskScheduler.Default)));
        Assert.That(ends.Count(succeeded => succeeded), Is.GreaterThanOrEqualTo(400));
    }

    [Test]
    public async Task An_exception_that_nobody_foresaw_ends_the_waits_and_the_next_one_works()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) => number == 0 ? throw new InvalidOperationException("A handler of the user's.") : null;

        var wait = rig.Wait();
        await rig.SettleAsync();
        await PollingRig.Fails<InvalidOperationException>(wait);

        var again = rig.Wait();
        await rig.AdvanceAsync(2.5);
        await PollingRig.Soon(again);
    }

    [Test]
    public async Task Too_many_requests_are_answered_with_patience_that_doubles_to_a_minute()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(429);
        _ = rig.Wait();

        await rig.AdvanceAsync(600);

        var gaps = Gaps(rig);
        Assert.That(gaps[0], Is.InRange(3.75, 6.4));
        Assert.That(gaps[1], Is.InRange(7.5, 12.6));
        Assert.That(gaps[2], Is.InRange(15, 25.1));
        Assert.That(gaps[3], Is.InRange(30, 50.1));
        Assert.That(gaps.Skip(4), Has.All.InRange(45, 60.1));
    }

    [Test]
    public async Task Patience_is_jittered_so_that_machines_do_not_come_back_together()
    {
        var firsts = new HashSet<double>();
        for (var machine = 0; machine < 8; machine++)
        {
            await using var rig = new PollingRig();
            rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(429);
            _ = rig.Wait();
            await rig.AdvanceAsync(8, 0.01);
            firsts.Add(Gaps(rig)[0]);
        }

        Assert.That(firsts, Has.Count.GreaterThan(3));
    }

    [Test]
    public async Task The_service_is_given_the_time_that_it_asks_for()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) => number == 0 ? CheckEndpoint.Error(429, retryAfter: 90) : null;

        var wait = rig.Wait();
        await rig.AdvanceAsync(89.9);
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
        await rig.AdvanceAsync(0.2);

        await PollingRig.Soon(wait);
    }

    [Test]
    public async Task Patience_with_a_rate_limit_outlives_the_waits()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(429, retryAfter: 30);
        using var cancellation = new CancellationTokenSource();
        var first = rig.Wait(cancellationToken: cancellation.Token);
        await rig.SettleAsync();
        await cancellation.CancelAsync();
        await PollingRig.Fails<OperationCanceledException>(first);

        _ = rig.Wait(1);
        await rig.AdvanceAsync(29);

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_outage_of_an_hour_ends_no_wait_and_is_asked_about_every_half_minute()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (_, _) => rig.Clock.Elapsed <= TimeSpan.FromHours(1) ? Task.FromException<HttpResponseMessage>(new HttpRequestException("down")) : null;

        var wait = rig.Wait();
        await rig.AdvanceAsync(3600, 0.5);
        Assert.That(wait.IsCompleted, Is.False);
        Assert.That(Gaps(rig).Skip(8), Has.All.InRange(22, 30.6));
        await rig.AdvanceAsync(31);

        await PollingRig.Soon(wait);
    }

    [Test]
    public async Task After_an_outage_the_pace_is_the_old_one_again()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (number, _) => number is >= 1 and < 8 ? CheckEndpoint.Error(503) : null;
        _ = rig.Wait();

        await rig.AdvanceAsync(300);

        Assert.That(Gaps(rig)[^5..], Has.All.EqualTo(2.1).Within(0.11));
    }

    [Test]
    public async Task A_second_outage_is_met_with_the_patience_of_a_first()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (number, _) => number is >= 1 and < 8 or 20 ? CheckEndpoint.Error(503) : null;
        _ = rig.Wait();

        await rig.AdvanceAsync(300);

        Assert.That(Gaps(rig)[20], Is.EqualTo(2.1).Within(0.11));
    }

    [Test]
    public async Task A_check_that_hangs_is_given_up_after_the_request_timeout_and_repeated()
    {
        await using var rig = new PollingRig(options => options.RequestTimeout = TimeSpan.FromSeconds(10));
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) => number == 0 ? new TaskCompletionSource<HttpResponseMessage>().Task : null;

        var wait = rig.Wait();
        await rig.AdvanceAsync(14);

        await PollingRig.Soon(wait);
        Assert.That(rig.Endpoint.Calls[1].At.TotalSeconds, Is.InRange(10, 12.6));
    }

    [Test]
    public async Task A_batch_that_always_fails_does_not_keep_the_others_from_their_turn()
    {
        await using var rig = new PollingRig();
        var poison = PollingRig.Id(0).Value;
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (_, call) => call.Ids.Contains(poison) ? CheckEndpoint.Error(500) : null;
        var waits = PollingRig.Ids(600).Select(id => rig.Poller.WaitAsync(id, null, null, default)).ToList();

        await rig.AdvanceAsync(600);

        Assert.That(waits.Count(wait => wait.IsCompletedSuccessfully), Is.GreaterThanOrEqualTo(400));
    }

    [Test]
    public async Task One_entry_that_is_malformed_leaves_its_neighbours_alone()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (id, _) => id == PollingRig.Id(1).Value ? new JArray(1, 2) : States.Success();

        var waits = Enumerable.Range(0, 3).Select(number => rig.Wait(number)).ToList();
        await rig.AdvanceAsync(2.5);

        await PollingRig.Soon(waits[0]);
        await PollingRig.Soon(waits[2]);
        var exception = await PollingRig.Fails<LalalAiTaskException>(waits[1]);
        Assert.That(exception.State, Is.TypeOf<UnknownTaskState>());
    }

    private static List<double> Gaps(PollingRig rig)
    {
        var times = rig.Endpoint.Calls.Select(call => call.At.TotalSeconds).ToList();
        return [.. times.Zip(times.Skip(1), (from, to) => to - from)];
    }
}

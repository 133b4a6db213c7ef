using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Polling;

/// <summary>Single checks: they share the requests of the waits, and may be answered by what is known.</summary>
public sealed class CheckTests
{
    [Test]
    public async Task CheckAsync_returns_a_state_for_every_task_also_one_that_the_answer_leaves_out()
    {
        await using var rig = new PollingRig();
        var states = new JObject?[] { States.Progress(7), States.Success(), States.ServerError(), null };
        rig.Endpoint.State = (id, _) => states[Array.FindIndex(PollingRig.Ids(4), task => task.Value == id)];

        var response = await PollingRig.Soon(rig.Check(0, 1, 2, 3));

        Assert.That(
            PollingRig.Ids(4).Select(id => response[id].GetType()),
            Is.EqualTo(new[] { typeof(TaskInProgress), typeof(TaskSucceeded), typeof(TaskLookupFailed), typeof(TaskLookupFailed) }));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1), "A failed lookup is the caller's to retry.");
    }

    [Test]
    public async Task CheckAsync_asks_for_many_tasks_in_requests_of_200()
    {
        await using var rig = new PollingRig();

        var response = await rig.RunAsync(rig.Check([.. Enumerable.Range(0, 450), .. Enumerable.Range(0, 450)]));

        Assert.That(response, Has.Count.EqualTo(450));
        Assert.That(rig.Endpoint.Calls.Select(call => call.Ids.Count), Is.EqualTo(new[] { 200, 200, 50 }));
    }

    [Test]
    public async Task CheckAsync_sends_nothing_without_tasks()
    {
        await using var rig = new PollingRig();

        Assert.That(await PollingRig.Soon(rig.Client.CheckAsync(Array.Empty<TaskId>())), Is.Empty);
        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [Test]
    public async Task CheckAsync_shares_two_requests_between_sixty_concurrent_calls()
    {
        await using var rig = new PollingRig();

        var checks = Enumerable.Range(0, 60).Select(number => rig.Check(number)).ToList();
        await rig.AdvanceAsync(2.1);

        var responses = await PollingRig.Soon(Task.WhenAll(checks));
        Assert.That(responses.Select(response => response.Keys.Single()), Is.EqualTo(PollingRig.Ids(60)));
        Assert.That(rig.Endpoint.Calls.Select(call => (call.At.TotalSeconds, call.Ids.Count)), Is.EqualTo(new[] { (0.0, 1), (2.1, 59) }));
    }

    [Test]
    public async Task CheckAsync_joins_the_next_request_of_the_waits()
    {
        await using var rig = new PollingRig();
        _ = rig.Waits(3);
        await rig.AdvanceAsync(1);

        var check = rig.Check(7);
        await rig.AdvanceAsync(1.1);

        await PollingRig.Soon(check);
        Assert.That(rig.Endpoint.Calls.Select(call => (call.At.TotalSeconds, call.Ids.Count)), Is.EqualTo(new[] { (0.0, 1), (2.1, 4) }));
    }

    [Test]
    public async Task CheckAsync_does_not_take_the_answer_to_a_request_that_was_sent_before()
    {
        await using var rig = new PollingRig();
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (number, _) => number == 0 ? held.Task : null;
        _ = rig.Wait();

        var check = rig.Check(0);
        held.Give(rig.Endpoint.FromTable(PollingRig.Id(0).Value));
        await rig.Clock.LoopIsIdleAsync();
        Assert.That(check.IsCompleted, Is.False);
        rig.Endpoint.State = (_, _) => States.Progress(50);
        await rig.AdvanceAsync(2.1);

        Assert.That((await PollingRig.Soon(check))[PollingRig.Id(0)], Is.TypeOf<TaskInProgress>().With.Property("Percent").EqualTo(50));
    }

    [Test]
    public async Task CheckAsync_is_answered_when_the_task_ended_in_the_request_before()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (number, _) => number == 0 ? held.Task : null;
        var wait = rig.Wait();

        var check = rig.Check(0);
        held.Give(rig.Endpoint.FromTable(PollingRig.Id(0).Value));
        await PollingRig.Soon(wait);
        await rig.AdvanceAsync(2.1);

        Assert.That((await PollingRig.Soon(check))[PollingRig.Id(0)], Is.TypeOf<TaskSucceeded>());
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task CheckAsync_speeds_up_the_requests_of_old_waits_for_itself_only()
    {
        await using var rig = new PollingRig();
        _ = rig.Wait();
        await rig.AdvanceAsync(4000);
        rig.Endpoint.Forget();

        var check = rig.Check(1);
        await rig.AdvanceAsync(2.2);
        await PollingRig.Soon(check);
        await rig.AdvanceAsync(40);

        Assert.That(rig.Endpoint.Gaps, Has.All.EqualTo(10).Within(0.1));
    }

    [TestCase(503)]
    [TestCase(429)]
    public async Task CheckAsync_retries_a_failure_that_may_pass(int status)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (number, _) => number < 2 ? CheckEndpoint.Error(status) : null;

        var response = await rig.RunAsync(rig.Check(0));

        Assert.That(response[PollingRig.Id(0)], Is.TypeOf<TaskInProgress>());
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(3));
    }

    [TestCase(0)]
    [TestCase(4)]
    public async Task CheckAsync_throws_after_its_retries(int retries)
    {
        await using var rig = new PollingRig(options => options.MaxRetries = retries);
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(503);

        var check = rig.Check(0);
        await rig.AdvanceAsync(60);

        var exception = await PollingRig.FailsAsync<LalalAiApiException>(check);
        Assert.That(exception.StatusCode, Is.EqualTo(503));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(retries + 1));
    }

    [Test]
    public async Task CheckAsync_is_sent_although_a_request_failed_that_it_was_not_part_of()
    {
        await using var rig = new PollingRig(options => options.MaxRetries = 0);
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (number, _) => number == 0 ? held.Task : null;
        _ = rig.Wait();

        var check = rig.Check(1);
        held.Give(new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable));

        Assert.That((await rig.RunAsync(check))[PollingRig.Id(1)], Is.TypeOf<TaskInProgress>());
    }

    [Test]
    public async Task CheckAsync_does_not_wait_for_the_pause_of_an_outage_and_resumes_the_waits()
    {
        await using var rig = new PollingRig(options => options.MaxRetries = 0);
        rig.Endpoint.Answer = (number, _) => number < 8 ? CheckEndpoint.Error(503) : null;
        _ = rig.Wait();
        await rig.Clock.LoopIsIdleAsync();
        while (rig.Endpoint.Calls.Count < 8)
        {
            await rig.AdvanceAsync(rig.Clock.LoopDue!.Value - rig.Clock.Elapsed);
        }

        var before = rig.Clock.Elapsed;
        var check = rig.Check(1);
        await rig.AdvanceAsync(2.1);

        await PollingRig.Soon(check);
        Assert.That(rig.Endpoint.Calls[8].At - before, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(2.1)));
        Assert.That(rig.Endpoint.Calls[8].Ids, Has.Count.EqualTo(2));
    }

    [TestCase("40", 429)]
    [TestCase("40", 503)]
    public async Task CheckAsync_waits_for_as_long_as_the_service_asked(string retryAfter, int status)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (number, _) => number == 0 ? CheckEndpoint.Error(status, retryAfter: retryAfter) : null;
        _ = rig.Wait();
        await rig.Clock.LoopIsIdleAsync();

        await rig.RunAsync(rig.Check(1));

        Assert.That(rig.Endpoint.Calls[1].At.TotalSeconds, Is.EqualTo(40));
    }

    [TestCase(401)]
    [TestCase(403)]
    public async Task CheckAsync_throws_without_a_retry_when_the_key_is_rejected(int status)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(status);

        await PollingRig.FailsAsync<LalalAiAuthenticationException>(rig.Check(0));

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task CheckAsync_is_canceled_with_the_callers_token()
    {
        await using var rig = new PollingRig();
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (_, _) => held.Task;
        using var cancellation = new CancellationTokenSource();

        var check = rig.Start(() => rig.Client.CheckAsync([PollingRig.Id(0)], null, cancellation.Token));
        await cancellation.CancelAsync();

        var exception = await PollingRig.FailsAsync<OperationCanceledException>(check);
        Assert.That(exception.CancellationToken, Is.EqualTo(cancellation.Token));
    }

    [Test]
    public async Task CheckAsync_with_MaxAge_is_answered_from_the_last_check_of_a_wait()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => States.Progress((int)at.TotalSeconds);
        _ = rig.Wait();
        await rig.AdvanceAsync(12);

        var response = await PollingRig.Soon(
            rig.Client.CheckAsync([PollingRig.Id(0)], new CheckOptions { MaxAge = TimeSpan.FromSeconds(2.1) }));

        Assert.That(response[PollingRig.Id(0)], Is.TypeOf<TaskInProgress>().With.Property("Percent").EqualTo(10));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(6));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task CheckAsync_with_MaxAge_is_answered_from_what_was_checked_before(bool byWait)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        await PollingRig.Soon(byWait ? rig.Wait() : rig.Check(0));
        await rig.AdvanceAsync(10);

        var response = await PollingRig.Soon(
            rig.Client.CheckAsync([PollingRig.Id(0)], new CheckOptions { MaxAge = TimeSpan.FromSeconds(10) }));

        Assert.That(response[PollingRig.Id(0)], Is.TypeOf<TaskSucceeded>());
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task CheckAsync_asks_only_for_tasks_whose_answer_is_older_than_MaxAge()
    {
        await using var rig = new PollingRig();
        await PollingRig.Soon(rig.Check(0));
        await rig.AdvanceAsync(10);
        await PollingRig.Soon(rig.Check(1));

        var check = rig.Start(() => rig.Client.CheckAsync(PollingRig.Ids(2), new CheckOptions { MaxAge = TimeSpan.FromSeconds(9.9) }));
        await rig.AdvanceAsync(2.1);

        Assert.That((await PollingRig.Soon(check)).Keys, Is.EquivalentTo(PollingRig.Ids(2)));
        Assert.That(rig.Endpoint.Calls[^1].Ids, Is.EqualTo(new[] { PollingRig.Id(0).Value }));
    }

    [Test]
    public async Task CheckAsync_with_MaxAge_remembers_the_last_thousand_tasks()
    {
        await using var rig = new PollingRig();
        await rig.RunAsync(rig.Check(Enumerable.Range(0, 1200)));
        rig.Endpoint.Forget();

        await PollingRig.Soon(
            rig.Client.CheckAsync(PollingRig.Ids(1200).Skip(200), new CheckOptions { MaxAge = Timeout.InfiniteTimeSpan }));
        Assert.That(rig.Endpoint.Calls, Is.Empty);
        await rig.RunAsync(
            rig.Start(() => rig.Client.CheckAsync(PollingRig.Ids(200), new CheckOptions { MaxAge = Timeout.InfiniteTimeSpan })));
        Assert.That(rig.Endpoint.Calls.Single().Ids, Has.Count.EqualTo(200));
    }

    [Test]
    public async Task CheckAsync_rejects_a_negative_MaxAge()
    {
        await using var rig = new PollingRig();

        Assert.That(
            () => rig.Client.CheckAsync([PollingRig.Id(0)], new CheckOptions { MaxAge = TimeSpan.FromSeconds(-2) }),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task SendAsync_shares_the_requests_of_checks()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (id, _) => id == PollingRig.Id(1).Value ? null : States.Progress(7);
        _ = rig.Wait(5);
        await rig.AdvanceAsync(1);

        var request = new CheckRequest { TaskIds = [.. PollingRig.Ids(2).Select(id => id.Value)] };
        var sent = rig.Start(() => rig.Client.SendAsync((api, cancellationToken) => api.CheckAsync(request, cancellationToken)));
        await rig.AdvanceAsync(1.1);

        var response = await PollingRig.Soon(sent);
        Assert.That(response.Result.Keys, Is.EqualTo(new[] { PollingRig.Id(0).Value }));
        Assert.That((int?)response.Result[PollingRig.Id(0).Value]["progress"], Is.EqualTo(7));
        Assert.That(rig.Endpoint.Calls.Select(call => call.Ids.Count), Is.EqualTo(new[] { 1, 3 }));
    }
}

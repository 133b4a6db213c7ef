namespace LalalAi.Tests.Polling;

/// <summary>Too many requests are too many for the key: what a single check is told, the loop heeds, and the other way round.</summary>
public sealed class SharedPatienceTests
{
    [Test]
    public async Task The_loop_keeps_still_when_a_single_check_was_one_too_many()
    {
        await using var rig = new PollingRig(options => options.MaxRetries = 0);
        var single = PollingRig.Id(1).Value;
        rig.Endpoint.Answer = (_, call) => call.Ids.Contains(single) ? CheckEndpoint.Error(429, retryAfter: 40) : null;
        _ = rig.Wait(0);
        await rig.AdvanceAsync(1);

        await PollingRig.Fails<LalalAiRateLimitException>(rig.Poller.CheckAsync([PollingRig.Id(1)], default));
        await rig.AdvanceAsync(39.8);

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(2), "The loop's first, and the single one.");
        await rig.AdvanceAsync(0.4);
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_single_check_keeps_still_when_the_loop_was_one_too_many()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (number, _) => number == 0 ? CheckEndpoint.Error(429, retryAfter: 40) : null;
        _ = rig.Wait(0);
        await rig.SettleAsync();

        await rig.RunAsync(rig.Poller.CheckAsync([PollingRig.Id(1)], default));

        Assert.That(rig.Endpoint.Calls.Single(call => call.Ids.Contains(PollingRig.Id(1).Value)).At, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(40)));
    }

    [Test]
    public async Task Patience_doubles_and_an_answer_ends_it()
    {
        await using var rig = new PollingRig(options => options.MaxRetries = 0);
        rig.Endpoint.Answer = (number, _) => number is 0 or 1 or 3 ? CheckEndpoint.Error(429) : null;
        await PollingRig.Fails<LalalAiRateLimitException>(rig.Poller.CheckAsync([PollingRig.Id(0)], default));

        await PollingRig.Fails<LalalAiRateLimitException>(CheckBetween(rig, 3.7, 6.3));
        await PollingRig.Soon(CheckBetween(rig, 7.4, 12.6));
        await PollingRig.Fails<LalalAiRateLimitException>(rig.Poller.CheckAsync([PollingRig.Id(0)], default));
        // As after a first refusal.
        await PollingRig.Soon(CheckBetween(rig, 3.7, 6.3));
    }

    [Test]
    public async Task Requests_that_are_refused_together_count_once()
    {
        await using var rig = new PollingRig(options => options.MaxRetries = 0);
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        rig.Endpoint.Answer = (number, _) => number < 5 ? RefuseAsync() : null;
        var together = Enumerable.Range(0, 5).Select(number => rig.Poller.CheckAsync([PollingRig.Id(number)], default)).ToList();
        answer.SetResult(new HttpResponseMessage());
        foreach (var check in together)
        {
            await PollingRig.Fails<LalalAiRateLimitException>(check);
        }

        await PollingRig.Soon(CheckBetween(rig, 3.7, 6.3));

        async Task<HttpResponseMessage> RefuseAsync()
        {
            await answer.Task;
            return await CheckEndpoint.Error(429);
        }
    }

    [Test]
    public async Task An_outage_does_not_shorten_the_pause_after_too_many_requests()
    {
        await using var rig = new PollingRig(options => options.MaxRetries = 0);
        var loops = new TaskCompletionSource<HttpResponseMessage>();
        rig.Endpoint.Answer = (number, _) => number switch { 0 => loops.Task, 1 => CheckEndpoint.Error(429, retryAfter: 40), _ => null };
        _ = rig.Wait(0);
        await rig.SettleAsync();
        await PollingRig.Fails<LalalAiRateLimitException>(rig.Poller.CheckAsync([PollingRig.Id(1)], default));
        loops.SetResult(await CheckEndpoint.Error(503));

        await rig.AdvanceAsync(39.8);

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Whoever_comes_after_an_outage_that_nobody_waited_out_begins_with_a_check()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (number, _) => number < 6 ? CheckEndpoint.Error(503) : null;
        using var cancellation = new CancellationTokenSource();
        var wait = rig.Wait(0, cancellationToken: cancellation.Token);
        while (rig.Endpoint.Calls.Count < 6)
        {
            await rig.AdvanceAsync(0.1);
        }

        await cancellation.CancelAsync();
        await PollingRig.Fails<OperationCanceledException>(wait);
        _ = rig.Wait(1);
        await rig.AdvanceAsync(2.2);

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(7));
    }

    /// <summary>A check that is not sent before some seconds have passed, and has been when some more have.</summary>
    private static Task<IReadOnlyDictionary<TaskId, TaskState>> CheckBetween(PollingRig rig, double notBefore, double notAfter)
    {
        var sent = rig.Endpoint.Calls.Count;
        var check = rig.Poller.CheckAsync([PollingRig.Id(0)], default);
        rig.Clock.Advance(TimeSpan.FromSeconds(notBefore));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(sent));
        rig.Clock.Advance(TimeSpan.FromSeconds(notAfter - notBefore));
        return check;
    }
}

namespace LalalAi.Tests.Polling;

/// <summary>A request that the service rejects for its content, because of one task or several: only their waits throw.</summary>
public sealed class RejectedCheckTests
{
    private readonly HashSet<string> _rejected = [];

    [TestCase(1, 0, 1)]
    [TestCase(2, 0, 3)]
    [TestCase(2, 1, 3)]
    [TestCase(3, 1, 5)]
    [TestCase(200, 0, 17)]
    [TestCase(200, 137, 17)]
    [TestCase(200, 199, 17)]
    public async Task WaitAsync_throws_for_the_rejected_task_only(int count, int rejected, int mostRequests)
    {
        await using var rig = Rig(400, rejected);
        var waits = await WaitsAsync(rig, count);

        await rig.AdvanceAsync(mostRequests * 2.1);

        Assert.That(await RejectedAsync(waits), Is.EqualTo(new[] { rejected }));
        Assert.That(rig.Endpoint.Calls, Has.Count.LessThanOrEqualTo(mostRequests));
    }

    [TestCase(400)]
    [TestCase(404)]
    [TestCase(410)]
    [TestCase(422)]
    public async Task WaitAsync_throws_the_rejection(int status)
    {
        await using var rig = Rig(status, 1);
        var waits = await WaitsAsync(rig, 3);

        await rig.AdvanceAsync(15);

        var exception = await Assert.CatchAsync<LalalAiApiException>(() => PollingRig.Soon(waits[1]));
        Assert.That(exception!.StatusCode, Is.EqualTo(status));
        await PollingRig.Soon(waits[0]);
        await PollingRig.Soon(waits[2]);
    }

    [Test]
    public async Task WaitAsync_throws_for_each_of_many_rejected_tasks()
    {
        int[] rejected = [0, 1, 2, 50, 99, 100, 150, 199];
        await using var rig = Rig(400, rejected);
        var waits = await WaitsAsync(rig, 200);

        await rig.AdvanceAsync(250);

        Assert.That(await RejectedAsync(waits), Is.EqualTo(rejected));
    }

    [TestCase(2, 3)]
    [TestCase(16, 31)]
    public async Task WaitAsync_throws_for_every_task_when_all_are_rejected(int count, int mostRequests)
    {
        await using var rig = Rig(400, [.. Enumerable.Range(0, count)]);
        var waits = await WaitsAsync(rig, count);

        await rig.AdvanceAsync(mostRequests * 2.1);

        Assert.That(await RejectedAsync(waits), Has.Count.EqualTo(count));
    }

    [Test]
    public async Task A_rejected_request_does_not_keep_other_tasks_from_their_checks()
    {
        await using var rig = Rig(400, 0);
        rig.Endpoint.State = (_, _) => States.Progress(50);
        var waits = await WaitsAsync(rig, 400);

        await rig.AdvanceAsync(90);

        await PollingRig.FailsAsync<LalalAiApiException>(waits[0]);
        var last = PollingRig.Id(399).Value;
        var times = rig.Endpoint.Calls.Where(call => call.Ids.Contains(last)).Select(call => call.At.TotalSeconds).ToList();
        Assert.That(times.Zip(times.Skip(1), (from, to) => to - from), Has.All.LessThan(8.7), "Every second request instead of each.");
    }

    [Test]
    public async Task WaitAsync_checks_a_task_alone_that_is_rejected_after_it_was_found()
    {
        await using var rig = Rig(404);
        rig.Endpoint.State = (_, _) => States.Progress(50);
        var waits = await WaitsAsync(rig, 200);
        await rig.AdvanceAsync(2.1);
        rig.Endpoint.Forget();
        var rejected = PollingRig.Id(0).Value;
        _rejected.Add(rejected);

        await rig.AdvanceAsync(200);

        var sizes = rig.Endpoint.Calls.Where(call => call.Ids.Contains(rejected)).Select(call => call.Ids.Count).ToList();
        Assert.That(sizes, Has.Count.GreaterThan(40));
        Assert.That(sizes.SkipWhile(size => size > 1), Has.All.EqualTo(1));

        rig.Endpoint.Forget();
        for (var number = 0; number < 5; number++)
        {
            var check = rig.Start(() => rig.Client.CheckAsync([PollingRig.Id(0)]));
            await rig.AdvanceAsync(5);
            Assert.That((await PollingRig.Soon(check)).Values.Single(), Is.TypeOf<TaskLookupFailed>());
        }

        Assert.That(rig.Endpoint.Calls.Where(call => call.Ids.Contains(rejected)).Select(call => call.Ids.Count), Has.All.EqualTo(1));

        _rejected.Clear();
        rig.Endpoint.State = (_, _) => States.Success();
        await rig.AdvanceAsync(30);

        await PollingRig.Soon(waits[0]);
    }

    [Test]
    public async Task An_outage_does_not_end_the_search_for_a_rejected_task()
    {
        await using var rig = Rig(400, 3);
        var reject = rig.Endpoint.Answer;
        rig.Endpoint.Answer = (number, call) => number is >= 1 and < 4 ? CheckEndpoint.Error(503) : reject(number, call);
        var waits = await WaitsAsync(rig, 8);

        await rig.AdvanceAsync(90);

        Assert.That(await RejectedAsync(waits), Is.EqualTo(new[] { 3 }));
    }

    [Test]
    public async Task Tasks_of_canceled_waits_are_not_asked_for_after_a_rejection()
    {
        await using var rig = Rig(400, 0);
        rig.Endpoint.State = (_, _) => States.Progress(50);
        using var cancellation = new CancellationTokenSource();
        var waits = rig.Waits(4, cancellation.Token);
        await rig.AdvanceAsync(2.1);
        await cancellation.CancelAsync();
        foreach (var wait in waits)
        {
            await Assert.CatchAsync(() => PollingRig.Soon(wait));
        }

        await rig.Clock.LoopIsUnneededAsync();
        rig.Endpoint.Forget();
        _ = rig.Wait(7);
        await rig.AdvanceAsync(20);

        Assert.That(rig.Endpoint.Calls.SelectMany(call => call.Ids).Distinct(), Is.EqualTo(new[] { PollingRig.Id(7).Value }));
    }

    [TestCase(400, 1, 0)]
    [TestCase(404, 3, 1)]
    [TestCase(410, 3, 0, 1, 2)]
    [TestCase(422, 200, 137)]
    public async Task WhenEachAsync_yields_a_failed_lookup_for_each_rejected_task(int status, int count, params int[] rejected)
    {
        await using var rig = Rig(status, rejected);

        var all = rig.Start(() => rig.Client.WhenEachAsync(PollingRig.Ids(count)).ToListAsync().AsTask());
        await rig.AdvanceAsync(40);

        var states = await PollingRig.Soon(all);
        Assert.That(states.Select(state => state.TaskId), Is.EquivalentTo(PollingRig.Ids(count)));
        var failed = states.OfType<TaskLookupFailed>().ToList();
        Assert.That(failed.Select(state => state.TaskId), Is.EquivalentTo(rejected.Select(PollingRig.Id)));
        Assert.That(failed.Select(state => state.Message), Has.All.Contain($"HTTP {status}"));
    }

    [Test]
    public async Task CheckAsync_throws_when_its_own_request_is_rejected()
    {
        await using var rig = Rig(422, 1);

        var exception = await PollingRig.FailsAsync<LalalAiValidationException>(rig.Check(0, 1, 2));

        Assert.That(exception.StatusCode, Is.EqualTo(422));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task CheckAsync_is_answered_when_another_task_in_its_request_is_rejected()
    {
        await using var rig = Rig(400, 1);
        rig.Endpoint.State = (_, _) => States.Progress(5);
        var held = rig.Endpoint.Hold();
        var reject = rig.Endpoint.Answer;
        rig.Endpoint.Answer = (number, call) => number == 0 ? held.Task : reject(number, call);
        _ = rig.Wait(0);
        var rejected = rig.Wait(1);
        var check = rig.Check(2);
        held.Give(rig.Endpoint.FromTable(PollingRig.Id(0).Value));

        await rig.AdvanceAsync(20);

        Assert.That((await PollingRig.Soon(check))[PollingRig.Id(2)], Is.TypeOf<TaskInProgress>());
        await PollingRig.FailsAsync<LalalAiApiException>(rejected);
    }

    /// <summary>Starts waits that are all in the first request for one of them.</summary>
    private static async Task<List<Task<TaskSucceeded>>> WaitsAsync(PollingRig rig, int count)
    {
        var held = rig.Endpoint.Hold();
        var response = rig.Endpoint.Answer;
        rig.Endpoint.Answer = (_, _) => held.Task;
        _ = rig.Check(5000);
        var waits = rig.Waits(count);
        rig.Endpoint.Answer = response;
        rig.Endpoint.Forget();
        held.Give(rig.Endpoint.FromTable(PollingRig.Id(5000).Value));
        await rig.Clock.LoopIsIdleAsync();
        return waits;
    }

    /// <summary>The numbers of the waits that throw; the others must have succeeded.</summary>
    private static async Task<List<int>> RejectedAsync(List<Task<TaskSucceeded>> waits)
    {
        var rejected = new List<int>();
        for (var number = 0; number < waits.Count; number++)
        {
            try
            {
                await PollingRig.Soon(waits[number]);
            }
            catch (LalalAiApiException)
            {
                rejected.Add(number);
            }
        }

        return rejected;
    }

    private PollingRig Rig(int status, params int[] rejected)
    {
        _rejected.Clear();
        _rejected.UnionWith(rejected.Select(number => PollingRig.Id(number).Value));
        var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (_, call) => call.Ids.Any(_rejected.Contains) ? CheckEndpoint.Error(status) : null;
        return rig;
    }
}

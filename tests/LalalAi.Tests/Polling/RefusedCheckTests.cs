namespace LalalAi.Tests.Polling;

/// <summary>A check that the service refuses for what is in it: the id that is to blame is found, and its neighbours are waited for as before.</summary>
public sealed class RefusedCheckTests
{
    private readonly HashSet<string> _stale = [];

    [TestCase(1, 0, 1)]
    [TestCase(2, 0, 3)]
    [TestCase(2, 1, 3)]
    [TestCase(3, 1, 5)]
    [TestCase(200, 0, 17)]
    [TestCase(200, 137, 17)]
    [TestCase(200, 199, 17)]
    public async Task One_id_that_is_refused_ends_alone(int count, int stale, int mostRequests)
    {
        await using var rig = Rig(400, stale);
        var waits = await WaitsAsync(rig, count);

        await rig.AdvanceAsync((mostRequests + 1) * 2.2);

        Assert.That(await RefusedAsync(waits), Is.EqualTo(new[] { stale }));
        Assert.That(rig.Endpoint.Calls, Has.Count.LessThanOrEqualTo(mostRequests));
    }

    [TestCase(400)]
    [TestCase(404)]
    [TestCase(410)]
    [TestCase(422)]
    public async Task Whatever_the_refusal_is_the_neighbours_stay(int status)
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
    public async Task Many_ids_that_are_refused_end_alone_each()
    {
        int[] stale = [0, 1, 2, 50, 99, 100, 150, 199];
        await using var rig = Rig(400, stale);
        var waits = await WaitsAsync(rig, 200);

        await rig.AdvanceAsync(250);

        Assert.That(await RefusedAsync(waits), Is.EqualTo(stale));
    }

    [TestCase(2, 3)]
    [TestCase(16, 31)]
    [TestCase(200, 31)]
    [TestCase(1000, 31)]
    public async Task When_everything_is_refused_it_is_not_the_ids_and_the_waits_end_soon(int count, int mostRequests)
    {
        await using var rig = Rig(400, Enumerable.Range(0, count));
        var waits = await WaitsAsync(rig, count);

        await rig.AdvanceAsync((mostRequests + 1) * 2.2);

        foreach (var wait in waits)
        {
            await PollingRig.Fails<LalalAiApiException>(wait);
        }

        Assert.That(rig.Endpoint.Calls, Has.Count.LessThanOrEqualTo(mostRequests));
    }

    [Test]
    public async Task The_search_does_not_keep_the_others_from_their_checks()
    {
        await using var rig = Rig(400, 0);
        rig.Endpoint.State = (_, _) => States.Progress(50);
        var waits = await WaitsAsync(rig, 400);

        await rig.AdvanceAsync(90);

        await PollingRig.Fails<LalalAiApiException>(waits[0]);
        var last = PollingRig.Id(399).Value;
        var times = rig.Endpoint.Calls.Where(call => call.Ids.Contains(last)).Select(call => call.At.TotalSeconds).ToList();
        Assert.That(times.Zip(times.Skip(1), (from, to) => to - from), Has.All.LessThan(8.7), "Every second check instead of each.");
    }

    [Test]
    public async Task An_outage_does_not_end_the_search()
    {
        await using var rig = Rig(400, 3);
        var refuse = rig.Endpoint.Answer;
        rig.Endpoint.Answer = (number, call) => number is >= 1 and < 4 ? CheckEndpoint.Error(503) : refuse(number, call);
        var waits = await WaitsAsync(rig, 8);

        await rig.AdvanceAsync(60);

        Assert.That(await RefusedAsync(waits), Is.EqualTo(new[] { 3 }));
    }

    [Test]
    public async Task Whoever_leaves_during_the_search_is_not_asked_for_any_more()
    {
        await using var rig = Rig(400, 0);
        rig.Endpoint.State = (_, _) => States.Progress(50);
        using var cancellation = new CancellationTokenSource();
        var waits = PollingRig.Ids(4).Select(id => rig.Poller.WaitAsync(id, null, null, cancellation.Token)).ToList();
        await rig.SettleAsync();
        await cancellation.CancelAsync();
        foreach (var wait in waits)
        {
            await PollingRig.Fails<OperationCanceledException>(wait);
        }

        rig.Endpoint.Forget();
        _ = rig.Wait(7);
        await rig.AdvanceAsync(20);

        Assert.That(rig.Endpoint.Calls.SelectMany(call => call.Ids).Distinct(), Is.EqualTo(new[] { PollingRig.Id(7).Value }));
    }

    /// <summary>Waits that are all there when the first check for one of them is sent.</summary>
    private static async Task<List<Task<TaskSucceeded>>> WaitsAsync(PollingRig rig, int count)
    {
        var before = new TaskCompletionSource<HttpResponseMessage>();
        var answer = rig.Endpoint.Answer;
        rig.Endpoint.Answer = (_, _) => before.Task;
        using var cancellation = new CancellationTokenSource();
        var other = rig.Wait(5000, cancellationToken: cancellation.Token);
        await rig.SettleAsync();
        List<Task<TaskSucceeded>> waits = [.. Enumerable.Range(0, count).Select(number => rig.Wait(number))];
        await cancellation.CancelAsync();
        await PollingRig.Fails<OperationCanceledException>(other);
        rig.Endpoint.Forget();
        rig.Endpoint.Answer = answer;
        before.SetResult(rig.Endpoint.FromTable(new CheckCall(TimeSpan.Zero, [])));
        await rig.SettleAsync();
        return waits;
    }

    /// <summary>The numbers of the waits that the service refused; the others must have succeeded.</summary>
    private static async Task<List<int>> RefusedAsync(List<Task<TaskSucceeded>> waits)
    {
        var refused = new List<int>();
        for (var number = 0; number < waits.Count; number++)
        {
            try
            {
                await PollingRig.Soon(waits[number]);
            }
            catch (LalalAiApiException)
            {
                refused.Add(number);
            }
        }

        return refused;
    }

    private PollingRig Rig(int status, params IEnumerable<int> stale)
    {
        _stale.Clear();
        _stale.UnionWith(stale.Select(number => PollingRig.Id(number).Value));
        var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (_, call) => call.Ids.Any(_stale.Contains) ? CheckEndpoint.Error(status) : null;
        return rig;
    }
}

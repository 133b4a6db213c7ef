using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Polling;

/// <summary>The check for those who poll themselves.</summary>
public sealed class SingleCheckTests
{
    [Test]
    public async Task Every_task_has_a_state_also_one_that_the_answer_leaves_out()
    {
        await using var rig = new PollingRig();
        var states = new JObject?[] { States.Progress(7), States.Success(), States.ServerError(), null };
        rig.Endpoint.State = (id, _) => states[Array.FindIndex(PollingRig.Ids(4), task => task.Value == id)];

        var answer = await PollingRig.Soon(rig.Poller.CheckAsync(PollingRig.Ids(4), default));

        Assert.That(
            PollingRig.Ids(4).Select(id => answer[id].GetType()),
            Is.EqualTo(new[] { typeof(TaskInProgress), typeof(TaskSucceeded), typeof(TaskLookupFailed), typeof(TaskLookupFailed) }));
        Assert.That(((TaskLookupFailed)answer[PollingRig.Id(3)]).Message, Is.EqualTo("the answer leaves the task out."));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1), "Whoever polls himself gives second chances himself.");
    }

    [Test]
    public async Task Many_tasks_are_asked_for_in_parts_of_200_each_once()
    {
        await using var rig = new PollingRig();

        var answer = await PollingRig.Soon(rig.Poller.CheckAsync([.. PollingRig.Ids(450), .. PollingRig.Ids(450)], default));

        Assert.That(answer, Has.Count.EqualTo(450));
        Assert.That(rig.Endpoint.Calls.Select(call => call.Ids.Count), Is.EqualTo(new[] { 200, 200, 50 }));
    }

    [Test]
    public async Task No_tasks_cost_no_request()
    {
        await using var rig = new PollingRig();

        Assert.That(await PollingRig.Soon(rig.Poller.CheckAsync([], default)), Is.Empty);
        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [TestCase(503)]
    [TestCase(429)]
    public async Task A_check_is_repeated_when_that_may_help(int status)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (number, _) => number < 2 ? CheckEndpoint.Error(status) : null;

        var answer = await rig.RunAsync(rig.Poller.CheckAsync([PollingRig.Id(0)], default));

        Assert.That(answer[PollingRig.Id(0)], Is.TypeOf<TaskInProgress>());
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_check_that_is_refused_for_good_is_not_repeated()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(403);

        await PollingRig.Fails<LalalAiAuthenticationException>(rig.Poller.CheckAsync([PollingRig.Id(0)], default));

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_wait_for_a_permit_is_no_timeout_of_the_service()
    {
        await using var rig = new PollingRig(options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        for (var check = 0; check < 30; check++)
        {
            await PollingRig.Soon(rig.Poller.CheckAsync([PollingRig.Id(0)], default));
        }

        await rig.RunAsync(rig.Poller.CheckAsync([PollingRig.Id(0)], default));

        Assert.That(rig.Endpoint.Calls[^1].At, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task What_is_cancelled_before_it_begins_asks_for_nothing()
    {
        await using var rig = new PollingRig();
        var cancelled = new CancellationToken(canceled: true);

        await PollingRig.Fails<OperationCanceledException>(rig.Poller.CheckAsync([PollingRig.Id(0)], cancelled));
        await PollingRig.Fails<OperationCanceledException>(rig.Poller.CheckAsync([], cancelled));
        await PollingRig.Fails<OperationCanceledException>(rig.Wait(0, cancellationToken: cancelled));
        await PollingRig.Fails<OperationCanceledException>(rig.Poller.WatchAsync(PollingRig.Id(0), cancelled).GetAsyncEnumerator(cancelled).MoveNextAsync().AsTask());
        await PollingRig.Fails<OperationCanceledException>(rig.Poller.WhenEachAsync([PollingRig.Id(0)], cancelled).GetAsyncEnumerator(cancelled).MoveNextAsync().AsTask());

        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [Test]
    public async Task A_cancelled_check_throws_with_the_callers_token()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => new TaskCompletionSource<HttpResponseMessage>().Task;
        using var cancellation = new CancellationTokenSource();

        var check = rig.Poller.CheckAsync([PollingRig.Id(0)], cancellation.Token);
        await cancellation.CancelAsync();

        var exception = await PollingRig.Fails<OperationCanceledException>(check);
        Assert.That(exception.CancellationToken, Is.EqualTo(cancellation.Token));
    }
}

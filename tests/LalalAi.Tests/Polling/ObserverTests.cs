namespace LalalAi.Tests.Polling;

/// <summary>Whoever looks on is told, and can neither stop nor slow down anybody else.</summary>
public sealed class ObserverTests
{
    [Test]
    public async Task Progress_is_told_each_state_that_is_seen_the_last_one_included()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(5) ? States.Progress((int)at.TotalSeconds * 10) : States.Success();
        var seen = new TestQueue<TaskState>();

        var wait = rig.Wait(progress: new Observer<TaskState>(seen.Add));
        await rig.SettleAsync();
        Assert.That(Percent(await seen.NextAsync()), Is.EqualTo(0));
        await rig.AdvanceAsync(2.1);
        Assert.That(Percent(await seen.NextAsync()), Is.EqualTo(20));
        await rig.AdvanceAsync(4.2);
        Assert.That(Percent(await seen.NextAsync()), Is.EqualTo(40).Or.Null);
        var done = await PollingRig.Soon(wait);

        Assert.That(seen.All[^1], Is.SameAs(done));
    }

    [Test]
    public async Task A_failed_state_is_told_before_it_is_thrown()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Failure();
        TaskState? seen = null;

        var wait = rig.Wait(progress: new Observer<TaskState>(state => seen = state));
        await rig.SettleAsync();

        var exception = await PollingRig.Fails<LalalAiTaskException>(wait);
        Assert.That(seen, Is.SameAs(exception.State));
    }

    [Test]
    public async Task An_observer_that_throws_ends_its_own_wait_and_no_other()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(4) ? States.Progress(1) : States.Success();

        var broken = rig.Wait(progress: new Observer<TaskState>(_ => throw new InvalidTimeZoneException("mine")));
        var other = rig.Wait();
        await rig.SettleAsync();
        var exception = await PollingRig.Fails<InvalidTimeZoneException>(broken);
        Assert.That(exception.Message, Is.EqualTo("mine"));
        await rig.AdvanceAsync(6.5);

        await PollingRig.Soon(other);
    }

    [Test]
    public async Task An_observer_that_blocks_slows_nobody_down()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(60) ? States.Progress((int)at.TotalSeconds) : States.Success();
        using var letGo = new ManualResetEventSlim();
        using var isIn = new ManualResetEventSlim();
        var seen = new List<TaskState>();

        var blocked = rig.Wait(progress: new Observer<TaskState>(state =>
        {
            seen.Add(state);
            isIn.Set();
            letGo.Wait();
        }));
        var others = Enumerable.Range(1, 5).Select(number => rig.Wait(number)).ToList();
        await rig.SettleAsync();
        isIn.Wait();
        await rig.AdvanceAsync(62.5);
        foreach (var other in others)
        {
            await PollingRig.Soon(other);
        }

        letGo.Set();
        var done = await PollingRig.Soon(blocked);
        Assert.That(seen, Has.Count.EqualTo(2), "It missed what it was too slow for.");
        Assert.That(seen[^1], Is.SameAs(done));
    }

    [Test]
    public async Task A_blocked_observer_whose_timeout_passes_is_told_nothing_else()
    {
        await using var rig = new PollingRig();
        using var letGo = new ManualResetEventSlim();
        using var isIn = new ManualResetEventSlim();
        var wait = rig.Wait(timeout: TimeSpan.FromSeconds(1), progress: new Observer<TaskState>(_ =>
        {
            isIn.Set();
            letGo.Wait();
        }));
        await rig.SettleAsync();
        isIn.Wait();

        await rig.AdvanceAsync(1);
        letGo.Set();

        await PollingRig.Fails<LalalAiTaskTimeoutException>(wait);
    }

    [Test]
    public async Task A_watch_yields_changes_and_ends_after_the_last()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at.TotalSeconds switch { < 5 => States.Progress(0), < 10 => States.Progress(50), _ => States.Success() };
        var seen = new TestQueue<TaskState>();

        var watch = seen.ReadAsync(rig.Poller.WatchAsync(PollingRig.Id(0), default));
        await rig.AdvanceAsync(5);
        Assert.That(Percent(await seen.NextAsync()), Is.Zero);
        await rig.AdvanceAsync(3);
        Assert.That(Percent(await seen.NextAsync()), Is.EqualTo(50));
        await rig.AdvanceAsync(6);
        Assert.That(await seen.NextAsync(), Is.TypeOf<TaskSucceeded>());
        await watch.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(seen.All, Has.Count.EqualTo(3));
        Assert.That(rig.Endpoint.Calls, Has.Count.GreaterThan(5));
    }

    [TestCase("cancelled", typeof(TaskCanceled))]
    [TestCase("unknown", typeof(UnknownTaskState))]
    [TestCase("failed", typeof(TaskFailed))]
    [TestCase("lookup", typeof(TaskLookupFailed))]
    public async Task A_watch_yields_ends_of_every_kind_as_states(string end, Type type)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => end switch { "cancelled" => States.Cancelled(), "unknown" => States.Unknown(), "failed" => States.Failure(), _ => null };
        var seen = new TestQueue<TaskState>();

        var watch = seen.ReadAsync(rig.Poller.WatchAsync(PollingRig.Id(0), default));
        await rig.AdvanceAsync(8.5);
        await watch.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(seen.All, Has.Count.EqualTo(1).And.All.TypeOf(type));
    }

    [Test]
    public async Task A_watch_throws_what_ends_checks()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(403);

        var watch = new TestQueue<TaskState>().ReadAsync(rig.Poller.WatchAsync(PollingRig.Id(0), default));
        await rig.SettleAsync();

        await PollingRig.Fails<LalalAiAuthenticationException>(watch);
    }

    [Test]
    public async Task A_watch_whose_reader_sleeps_gets_the_last_state_and_holds_nobody_up()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(30) ? States.Progress((int)at.TotalSeconds) : States.Success();
        await using var watch = rig.Poller.WatchAsync(PollingRig.Id(0), default).GetAsyncEnumerator();
        var first = watch.MoveNextAsync().AsTask();
        await rig.SettleAsync();
        Assert.That(await PollingRig.Soon(first), Is.True);

        var other = rig.Wait();
        await rig.AdvanceAsync(33);
        await PollingRig.Soon(other);

        Assert.That(await PollingRig.Soon(watch.MoveNextAsync().AsTask()), Is.True);
        Assert.That(watch.Current, Is.TypeOf<TaskSucceeded>());
        Assert.That(await PollingRig.Soon(watch.MoveNextAsync().AsTask()), Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_cancelled_watch_throws_with_the_callers_token(bool withCancellation)
    {
        await using var rig = new PollingRig();
        using var cancellation = new CancellationTokenSource();
        var states = withCancellation
            ? rig.Poller.WatchAsync(PollingRig.Id(0), default).WithCancellation(cancellation.Token)
            : rig.Poller.WatchAsync(PollingRig.Id(0), cancellation.Token).WithCancellation(default);

        async Task ReadAsync()
        {
            await foreach (var state in states)
            {
                Assert.That(state.IsFinal, Is.False);
            }
        }

        var watch = ReadAsync();
        await rig.AdvanceAsync(3);
        await cancellation.CancelAsync();

        var exception = await PollingRig.Fails<OperationCanceledException>(watch);
        Assert.That(exception.CancellationToken, Is.EqualTo(cancellation.Token));
    }

    [Test]
    public async Task A_watch_that_is_left_asks_no_more()
    {
        await using var rig = new PollingRig();
        var watch = rig.Poller.WatchAsync(PollingRig.Id(0), default).GetAsyncEnumerator();
        var first = watch.MoveNextAsync().AsTask();
        await rig.SettleAsync();
        await PollingRig.Soon(first);

        await watch.DisposeAsync();
        await rig.AdvanceAsync(60);

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Final_states_come_in_the_order_in_which_the_tasks_end_each_once()
    {
        await using var rig = new PollingRig();
        int[] order = [3, 0, 2, 1];
        rig.Endpoint.State = (id, at) =>
        {
            var place = Array.FindIndex(order, number => PollingRig.Id(number).Value == id);
            return at.TotalSeconds < (place * 5) + 4 ? States.Progress(1) : States.Success();
        };
        var seen = new TestQueue<TaskState>();

        var all = seen.ReadAsync(rig.Poller.WhenEachAsync([.. PollingRig.Ids(4), .. PollingRig.Ids(4)], default));
        await rig.AdvanceAsync(25);
        await all.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(seen.All.Select(state => state.TaskId), Is.EqualTo(order.Select(PollingRig.Id)));
        Assert.That(rig.Endpoint.Calls[0].Ids, Has.Count.EqualTo(4), "They are asked for together, each once.");
    }

    [Test]
    public async Task Ends_of_every_kind_come_as_states()
    {
        await using var rig = new PollingRig();
        var states = new[] { States.Success(), States.Failure(), States.Cancelled(), States.Unknown(), null };
        rig.Endpoint.State = (id, _) => states[Array.FindIndex(PollingRig.Ids(5), task => task.Value == id)];
        var seen = new TestQueue<TaskState>();

        var all = seen.ReadAsync(rig.Poller.WhenEachAsync(PollingRig.Ids(5), default));
        await rig.AdvanceAsync(8.5);
        await all.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(
            seen.All.Select(state => state.GetType()),
            Is.EquivalentTo(new[] { typeof(TaskSucceeded), typeof(TaskFailed), typeof(TaskCanceled), typeof(UnknownTaskState), typeof(TaskLookupFailed) }));
    }

    [Test]
    public async Task What_ended_before_a_failure_is_yielded_before_it_is_thrown()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (id, _) => id == PollingRig.Id(0).Value ? States.Success() : States.Progress(1);
        rig.Endpoint.Answer = (number, _) => number == 1 ? CheckEndpoint.Error(403) : null;
        await using var each = rig.Poller.WhenEachAsync(PollingRig.Ids(3), default).GetAsyncEnumerator();
        var first = each.MoveNextAsync().AsTask();
        await rig.AdvanceAsync(2.5);

        Assert.That(await PollingRig.Soon(first), Is.True);
        await PollingRig.Fails<LalalAiAuthenticationException>(each.MoveNextAsync().AsTask());
    }

    [Test]
    public async Task Waiting_for_no_tasks_ends_at_once()
    {
        await using var rig = new PollingRig();
        var seen = new TestQueue<TaskState>();

        await seen.ReadAsync(rig.Poller.WhenEachAsync([], default)).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(seen.All, Is.Empty);
        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [Test]
    public async Task A_thousand_tasks_are_waited_for_with_one_call()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        var seen = new TestQueue<TaskState>();

        var all = seen.ReadAsync(rig.Poller.WhenEachAsync(PollingRig.Ids(1000), default));
        await rig.AdvanceAsync(8.5);
        await all.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(seen.All.Select(state => state.TaskId), Is.Unique);
        Assert.That(seen.All, Has.Count.EqualTo(1000));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(5));
    }

    private static int? Percent(TaskState state) => (state as TaskInProgress)?.Percent;
}

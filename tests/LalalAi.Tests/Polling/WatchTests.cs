namespace LalalAi.Tests.Polling;

/// <summary>Progress, watches and waits for many tasks: callers see states, and cannot stop or delay each other.</summary>
public sealed class WatchTests
{
    [Test]
    public async Task WaitAsync_reports_each_state_and_the_final_one()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(5) ? States.Progress((int)at.TotalSeconds * 10) : States.Success();
        var seen = new Observer<TaskState>();

        var wait = rig.Wait(progress: seen);
        await rig.Clock.LoopIsIdleAsync();
        Assert.That(Percent(await seen.NextAsync()), Is.EqualTo(0));
        await rig.AdvanceAsync(2.1);
        Assert.That(Percent(await seen.NextAsync()), Is.EqualTo(20));
        await rig.AdvanceAsync(4.2);
        Assert.That(Percent(await seen.NextAsync()), Is.EqualTo(40).Or.Null);
        var done = await PollingRig.Soon(wait);

        Assert.That(seen.All[^1], Is.SameAs(done));
    }

    [Test]
    public async Task WaitAsync_reports_a_failure_before_it_throws()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Failure();
        TaskState? seen = null;

        var wait = rig.Wait(progress: new SynchronousProgress<TaskState>(state => seen = state));
        await rig.Clock.LoopIsIdleAsync();

        var exception = await PollingRig.FailsAsync<LalalAiTaskException>(wait);
        Assert.That(seen, Is.SameAs(exception.State));
    }

    [Test]
    public async Task WaitAsync_throws_what_its_progress_throws_and_other_waits_continue()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(4) ? States.Progress(1) : States.Success();

        var broken = rig.Wait(progress: new SynchronousProgress<TaskState>(_ => throw new InvalidTimeZoneException("mine")));
        var other = rig.Wait();
        await rig.Clock.LoopIsIdleAsync();
        var exception = await PollingRig.FailsAsync<InvalidTimeZoneException>(broken);
        Assert.That(exception.Message, Is.EqualTo("mine"));
        await rig.AdvanceAsync(6.5);

        await PollingRig.Soon(other);
    }

    [Test]
    public async Task WaitAsync_with_a_blocked_progress_does_not_delay_other_waits()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(60) ? States.Progress((int)at.TotalSeconds) : States.Success();
        using var letGo = new ManualResetEventSlim();
        using var isIn = new ManualResetEventSlim();
        var seen = new List<TaskState>();

        var progress = new SynchronousProgress<TaskState>(state =>
        {
            seen.Add(state);
            isIn.Set();
            letGo.Wait();
        });
        // On a thread of its own: the first report may come before the call returns.
        var blocked = Task.Run(() => rig.Wait(progress: progress));
        isIn.Wait();
        var others = Enumerable.Range(1, 5).Select(number => rig.Wait(number)).ToList();
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
    public async Task WaitAsync_reports_nothing_after_its_timeout()
    {
        await using var rig = new PollingRig();
        using var letGo = new ManualResetEventSlim();
        using var isIn = new ManualResetEventSlim();
        var progress = new SynchronousProgress<TaskState>(_ =>
        {
            isIn.Set();
            letGo.Wait();
        });
        // On a thread of its own: the first report may come before the call returns.
        var wait = Task.Run(() => rig.Wait(progress: progress, timeout: TimeSpan.FromSeconds(1)));
        isIn.Wait();

        await rig.AdvanceAsync(1);
        letGo.Set();

        await PollingRig.FailsAsync<LalalAiTaskTimeoutException>(wait);
    }

    [Test]
    public async Task WatchAsync_yields_changes_up_to_the_final_state()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) =>
            at.TotalSeconds switch { < 5 => States.Progress(0), < 10 => States.Progress(50), _ => States.Success() };
        var seen = new Observer<TaskState>();

        var watch = rig.Start(() => seen.ReadAsync(rig.Client.WatchAsync(PollingRig.Id(0))));
        await rig.AdvanceAsync(5);
        Assert.That(Percent(await seen.NextAsync()), Is.Zero);
        await rig.AdvanceAsync(3);
        Assert.That(Percent(await seen.NextAsync()), Is.EqualTo(50));
        await rig.AdvanceAsync(6);
        Assert.That(await seen.NextAsync(), Is.TypeOf<TaskSucceeded>());
        await PollingRig.Soon(watch);

        Assert.That(seen.All, Has.Count.EqualTo(3));
        Assert.That(rig.Endpoint.Calls, Has.Count.GreaterThan(5));
    }

    [TestCase("cancelled", typeof(TaskCanceled))]
    [TestCase("unknown", typeof(UnknownTaskState))]
    [TestCase("failed", typeof(TaskFailed))]
    [TestCase("lookup", typeof(TaskLookupFailed))]
    public async Task WatchAsync_yields_every_kind_of_final_state(string end, Type type)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) =>
            end switch { "cancelled" => States.Canceled(), "unknown" => States.Unknown(), "failed" => States.Failure(), _ => null };
        var seen = new Observer<TaskState>();

        var watch = rig.Start(() => seen.ReadAsync(rig.Client.WatchAsync(PollingRig.Id(0))));
        await rig.AdvanceAsync(8.5);
        await PollingRig.Soon(watch);

        Assert.That(seen.All, Has.Count.EqualTo(1).And.All.TypeOf(type));
    }

    [Test]
    public async Task WatchAsync_throws_when_the_key_is_rejected()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(403);

        var watch = rig.Start(() => new Observer<TaskState>().ReadAsync(rig.Client.WatchAsync(PollingRig.Id(0))));
        await rig.Clock.LoopIsIdleAsync();

        await PollingRig.FailsAsync<LalalAiAuthenticationException>(watch);
    }

    [Test]
    public async Task WatchAsync_yields_the_final_state_to_a_slow_reader_and_does_not_delay_other_waits()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(30) ? States.Progress((int)at.TotalSeconds) : States.Success();
        await using var watch = rig.Client.WatchAsync(PollingRig.Id(0)).GetAsyncEnumerator();
        var first = rig.Start(() => watch.MoveNextAsync().AsTask());
        await rig.Clock.LoopIsIdleAsync();
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
    public async Task WatchAsync_is_canceled_with_the_callers_token(bool withCancellation)
    {
        await using var rig = new PollingRig();
        using var cancellation = new CancellationTokenSource();
        var states = withCancellation
            ? rig.Client.WatchAsync(PollingRig.Id(0)).WithCancellation(cancellation.Token)
            : rig.Client.WatchAsync(PollingRig.Id(0), cancellation.Token).WithCancellation(default);

        async Task ReadAsync()
        {
            await foreach (var state in states)
            {
                Assert.That(state.IsFinal, Is.False);
            }
        }

        var watch = rig.Start(ReadAsync);
        await rig.AdvanceAsync(3);
        await cancellation.CancelAsync();

        var exception = await PollingRig.FailsAsync<OperationCanceledException>(watch);
        Assert.That(exception.CancellationToken, Is.EqualTo(cancellation.Token));
    }

    [Test]
    public async Task WatchAsync_sends_no_requests_after_its_enumerator_is_disposed()
    {
        await using var rig = new PollingRig();
        var watch = rig.Client.WatchAsync(PollingRig.Id(0)).GetAsyncEnumerator();
        var first = rig.Start(() => watch.MoveNextAsync().AsTask());
        await rig.Clock.LoopIsIdleAsync();
        await PollingRig.Soon(first);

        await watch.DisposeAsync();
        await rig.AdvanceAsync(60);

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task WhenEachAsync_yields_final_states_in_the_order_in_which_tasks_end()
    {
        await using var rig = new PollingRig();
        int[] order = [3, 0, 2, 1];
        rig.Endpoint.State = (id, at) =>
        {
            var place = Array.FindIndex(order, number => PollingRig.Id(number).Value == id);
            return at.TotalSeconds < (place * 5) + 4 ? States.Progress(1) : States.Success();
        };
        var seen = new Observer<TaskState>();

        var all = rig.Start(() => seen.ReadAsync(rig.Client.WhenEachAsync([.. PollingRig.Ids(4), .. PollingRig.Ids(4)])));
        await rig.AdvanceAsync(25);
        await PollingRig.Soon(all);

        Assert.That(seen.All.Select(state => state.TaskId), Is.EqualTo(order.Select(PollingRig.Id)));
        Assert.That(rig.Endpoint.Calls[0].Ids, Has.Count.EqualTo(4), "They are asked for together, each once.");
    }

    [Test]
    public async Task WhenEachAsync_yields_every_kind_of_final_state()
    {
        await using var rig = new PollingRig();
        var states = new[] { States.Success(), States.Failure(), States.Canceled(), States.Unknown(), null };
        rig.Endpoint.State = (id, _) => states[Array.FindIndex(PollingRig.Ids(5), task => task.Value == id)];
        var seen = new Observer<TaskState>();

        var all = rig.Start(() => seen.ReadAsync(rig.Client.WhenEachAsync(PollingRig.Ids(5))));
        await rig.AdvanceAsync(8.5);
        await PollingRig.Soon(all);

        Assert.That(
            seen.All.Select(state => state.GetType()),
            Is.EquivalentTo(new[]
            {
                typeof(TaskSucceeded), typeof(TaskFailed), typeof(TaskCanceled), typeof(UnknownTaskState), typeof(TaskLookupFailed),
            }));
    }

    [Test]
    public async Task WhenEachAsync_yields_what_ended_before_it_throws()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (id, _) => id == PollingRig.Id(0).Value ? States.Success() : States.Progress(1);
        rig.Endpoint.Answer = (number, _) => number == 1 ? CheckEndpoint.Error(403) : null;
        await using var each = rig.Client.WhenEachAsync(PollingRig.Ids(3)).GetAsyncEnumerator();
        var first = rig.Start(() => each.MoveNextAsync().AsTask());
        await rig.AdvanceAsync(2.5);

        Assert.That(await PollingRig.Soon(first), Is.True);
        await PollingRig.FailsAsync<LalalAiAuthenticationException>(each.MoveNextAsync().AsTask());
    }

    [Test]
    public async Task WhenEachAsync_yields_a_task_once_that_ended_before_it_was_called()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (id, _) => id == PollingRig.Id(0).Value ? States.Success() : States.Progress(1);
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (number, _) => number == 0 ? held.Task : null;
        var wait = rig.Wait();
        // The check keeps the task among those that are asked for, because it came after the request that found the end.
        var check = rig.Check(0);
        held.Give(rig.Endpoint.FromTable(PollingRig.Id(0).Value));
        await PollingRig.Soon(wait);
        await rig.Clock.LoopIsIdleAsync();

        var seen = rig.WaitForEach(2);
        await rig.AdvanceAsync(10);

        await PollingRig.Soon(check);
        Assert.That((await seen.NextAsync()).TaskId, Is.EqualTo(PollingRig.Id(0)));
        Assert.That(seen.All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task WhenEachAsync_can_be_enumerated_again()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        var tasks = rig.Client.WhenEachAsync(PollingRig.Ids(2));

        for (var round = 0; round < 2; round++)
        {
            var seen = new Observer<TaskState>();
            var all = rig.Start(() => seen.ReadAsync(tasks));
            await rig.AdvanceAsync(2.1);
            await PollingRig.Soon(all);
            Assert.That(seen.All, Has.Count.EqualTo(2));
        }
    }

    [Test]
    public async Task WhenEachAsync_returns_immediately_without_tasks()
    {
        await using var rig = new PollingRig();
        var seen = new Observer<TaskState>();

        await seen.ReadAsync(rig.Client.WhenEachAsync(Array.Empty<TaskId>()));

        Assert.That(seen.All, Is.Empty);
        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [Test]
    public async Task WhenEachAsync_waits_for_a_thousand_tasks_with_five_requests()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        var seen = new Observer<TaskState>();

        var all = rig.Start(() => seen.ReadAsync(rig.Client.WhenEachAsync(PollingRig.Ids(1000))));
        await rig.AdvanceAsync(8.5);
        await PollingRig.Soon(all);

        Assert.That(seen.All.Select(state => state.TaskId), Is.Unique);
        Assert.That(seen.All, Has.Count.EqualTo(1000));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(5));
    }

    private static int? Percent(TaskState state) => (state as TaskInProgress)?.Percent;
}

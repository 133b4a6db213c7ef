using LalalAi.Tests.Telemetry;

namespace LalalAi.Tests.Polling;

/// <summary>When the loop of a client runs, and what it leaves behind.</summary>
public sealed class LoopTests
{
    [Test]
    public async Task Client_without_waits_sends_nothing_and_sets_no_timer()
    {
        await using var rig = new PollingRig();

        await rig.AdvanceAsync(60);

        Assert.That((rig.Endpoint.Calls.Count, rig.Clock.TimersSet), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task The_loop_rests_after_the_last_wait_and_continues_with_the_next()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();

        for (var round = 1; round <= 3; round++)
        {
            await rig.RunAsync(rig.Wait());
            await rig.Clock.LoopIsUnneededAsync();
            Assert.That(rig.Clock.TimersSet, Is.Zero);

            await rig.AdvanceAsync(300);
            Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(round));
        }
    }

    [Test]
    public async Task The_loop_keeps_its_pace_from_one_wait_to_the_next()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        await PollingRig.Soon(rig.Wait());

        await rig.RunAsync(rig.Wait());

        Assert.That(rig.Endpoint.Gaps.Single(), Is.EqualTo(2.1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Canceled_waits_leave_neither_a_timer_nor_a_request_behind(bool duringRequest)
    {
        await using var rig = new PollingRig();
        var never = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (_, _) => duringRequest ? never.Task : null;
        using var cancellation = new CancellationTokenSource();
        List<Task<TaskSucceeded>> waits =
            [.. Enumerable.Range(0, 10).Select(number => rig.Wait(number, null, TimeSpan.FromHours(1), cancellation.Token))];
        await rig.AdvanceAsync(3);

        await cancellation.CancelAsync();
        foreach (var wait in waits)
        {
            await PollingRig.FailsAsync<OperationCanceledException>(wait);
        }

        await rig.Clock.TimersAreSetAsync(0);
        Assert.That(rig.Endpoint.IsHolding, Is.False);
        var sent = rig.Endpoint.Calls.Count;
        await rig.AdvanceAsync(60);
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(sent));
    }

    [Test]
    public async Task Waits_that_begin_when_others_end_all_complete()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();

        for (var round = 0; round < 500; round++)
        {
            await rig.RunAsync(rig.Wait(round));
        }

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(500));
    }

    [Test]
    public async Task Waits_for_one_task_share_its_checks_and_its_state()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(10) ? States.Progress(1) : States.Success();
        var waits = new List<Task<TaskSucceeded>> { rig.Wait() };
        await rig.AdvanceAsync(3);
        waits.AddRange(Enumerable.Range(0, 50).Select(_ => rig.Wait()));
        using var cancellation = new CancellationTokenSource();
        var canceled = rig.Wait(cancellationToken: cancellation.Token);
        await rig.Clock.LoopIsIdleAsync();
        await cancellation.CancelAsync();

        await rig.AdvanceAsync(10);

        await PollingRig.FailsAsync<OperationCanceledException>(canceled);
        var states = new HashSet<TaskState>(ReferenceEqualityComparer.Instance);
        foreach (var wait in waits)
        {
            states.Add(await PollingRig.Soon(wait));
        }

        Assert.That(states, Has.Count.EqualTo(1));
        Assert.That(rig.Endpoint.Calls, Has.All.Matches<CheckCall>(call => call is { Ids.Count: 1 }));
    }

    [Test]
    public async Task WatchAsync_that_joins_later_yields_what_is_known()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Progress(30);
        _ = rig.Wait();
        await rig.AdvanceAsync(1);

        await using var watch = rig.Client.WatchAsync(PollingRig.Id(0)).GetAsyncEnumerator();

        Assert.That(await PollingRig.Soon(rig.Start(() => watch.MoveNextAsync().AsTask())), Is.True);
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_loop_does_not_run_with_the_ambient_values_of_its_first_caller()
    {
        var ambient = new AsyncLocal<string>();
        string? seen = "not asked";
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) =>
        {
            seen = ambient.Value;
            return null;
        };

        ambient.Value = "the first caller's";
        _ = rig.Wait();
        await rig.Clock.LoopIsIdleAsync();

        Assert.That(seen, Is.Null);
    }

    [Test]
    public async Task Waits_of_many_threads_all_end()
    {
        using var limiter = new System.Threading.RateLimiting.ConcurrencyLimiter(new() { PermitLimit = 1 });
        await using var client = new LalalAiClient(new LalalAiClientOptions
        {
            LicenseKey = "secret-key",
            PollingInterval = TimeSpan.Zero,
            CheckRateLimiter = limiter,
            CheckTransport = (ids, _) =>
                Task.FromResult<IReadOnlyDictionary<TaskId, string>>(ids.ToDictionary(id => id, _ => States.Success().ToString())),
        });

        var threads = Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (var number = 0; number < 100; number++)
            {
                await client.WaitAsync(PollingRig.Id((thread * 50) + number), timeout: TimeSpan.FromHours(10));
                await client.CheckAsync(PollingRig.Id((thread * 50) + number));
            }

            return 100;
        }));

        Assert.That((await PollingRig.Soon(Task.WhenAll(threads))).Sum(), Is.EqualTo(800));
    }

    [Test]
    public async Task Logs_contain_the_ends_of_waits_and_neither_key_nor_link()
    {
        using var log = new TestLog();
        await using var rig = new PollingRig(logs: log);
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(20) ? States.Progress(1) : States.Success();

        await rig.RunAsync(rig.Wait());
        await rig.Clock.LoopIsUnneededAsync();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(403);
        var rejected = rig.Wait();
        await rig.AdvanceAsync(2.1);
        await PollingRig.FailsAsync<LalalAiAuthenticationException>(rejected);
        await rig.Clock.LoopIsUnneededAsync();

        Assert.That(log.Lines, Has.One.StartsWith($"Debug: Task {PollingRig.Id(0)} ended as TaskSucceeded after a wait of"));
        Assert.That(log.Lines, Has.One.StartsWith("Error: A check failed with LalalAiAuthenticationException"));
        Assert.That(log.Lines, Has.None.Contains("secret-key").And.None.Contains("cdn.example"));
    }

    [Test]
    public async Task The_meter_counts_checks_and_watched_tasks()
    {
        using var measurements = new Measurements();
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(4) ? States.Progress(1) : States.Success();

        var waits = new[] { rig.Wait(0), rig.Wait(0), rig.Wait(1) };
        await rig.Clock.LoopIsIdleAsync();
        Assert.That(measurements.SumOf("lalalai.client.tasks.watched"), Is.EqualTo(2));
        await rig.AdvanceAsync(6.5);
        await Task.WhenAll(waits.Select(PollingRig.Soon));

        Assert.That(measurements.SumOf("lalalai.client.tasks.watched"), Is.Zero);
        Assert.That(measurements.SumOf("lalalai.client.checks"), Is.EqualTo(3));
    }
}

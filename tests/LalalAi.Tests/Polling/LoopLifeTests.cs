using LalalAi.Tests.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Tests.Polling;

/// <summary>When the loop runs, and what it leaves behind.</summary>
public sealed class LoopLifeTests
{
    [Test]
    public async Task Nothing_runs_before_anybody_waits()
    {
        await using var rig = new PollingRig();

        await rig.AdvanceAsync(60);

        Assert.That((rig.Endpoint.Calls.Count, rig.Clock.Timers), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task The_loop_ends_with_the_last_wait_and_starts_again_with_the_next()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();

        for (var round = 1; round <= 3; round++)
        {
            var wait = rig.Wait();
            await rig.AdvanceAsync(2.5);
            await PollingRig.Soon(wait);
            await rig.Poller.Loop.Running.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.That(rig.Clock.Timers, Is.Zero);

            await rig.AdvanceAsync(300);
            Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(round));
        }
    }

    [Test]
    public async Task The_loop_keeps_its_pace_from_one_wait_to_the_next()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        var first = rig.Wait();
        await rig.SettleAsync();
        await PollingRig.Soon(first);

        _ = rig.Wait();
        await rig.AdvanceAsync(2);

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Waits_that_are_given_up_leave_no_timer_and_no_check_behind(bool duringCheck)
    {
        await using var rig = new PollingRig();
        var isCancelled = false;
        rig.Endpoint.Answer = (_, _) =>
        {
            return duringCheck ? HangAsync() : null;

            async Task<HttpResponseMessage> HangAsync()
            {
                await new TaskCompletionSource().Task;
                return null!;
            }
        };
        using var cancellation = new CancellationTokenSource();
        var waits = PollingRig.Ids(10).Select(id => rig.Poller.WaitAsync(id, null, TimeSpan.FromHours(1), cancellation.Token)).ToList();
        await rig.AdvanceAsync(3);

        await cancellation.CancelAsync();
        foreach (var wait in waits)
        {
            isCancelled |= await PollingRig.Fails<OperationCanceledException>(wait) is not null;
        }

        await rig.Poller.Loop.Running.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(isCancelled, Is.True);
        Assert.That((rig.Clock.Timers, rig.Endpoint.IsHolding), Is.EqualTo((0, false)));
    }

    [Test]
    public async Task A_wait_that_begins_while_the_loop_ends_is_served()
    {
        await using var rig = new PollingRig(options => options.PollingInterval = TimeSpan.Zero);
        rig.Endpoint.State = (_, _) => States.Success();

        // Each wait ends the loop, and the next one comes at about the same time.
        for (var round = 0; round < 500; round++)
        {
            await rig.RunAsync(rig.Wait(round));
        }

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(500));
    }

    [Test]
    public async Task Waits_for_the_same_task_share_it()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(10) ? States.Progress(1) : States.Success();
        var waits = new List<Task<TaskSucceeded>> { rig.Wait() };
        await rig.AdvanceAsync(3);
        waits.AddRange(Enumerable.Range(0, 50).Select(_ => rig.Wait()));
        using var cancellation = new CancellationTokenSource();
        var given = rig.Wait(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await rig.AdvanceAsync(10);

        await PollingRig.Fails<OperationCanceledException>(given);
        var states = new HashSet<TaskState>(ReferenceEqualityComparer.Instance);
        foreach (var wait in waits)
        {
            states.Add(await PollingRig.Soon(wait));
        }

        Assert.That(states, Has.Count.EqualTo(1));
        Assert.That(rig.Endpoint.Calls, Has.All.Matches<CheckCall>(call => call is { Ids.Count: 1 }));
    }

    [Test]
    public async Task A_watch_that_joins_late_is_told_what_is_known_already()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Progress(30);
        _ = rig.Wait();
        await rig.AdvanceAsync(1);

        await using var watch = rig.Poller.WatchAsync(PollingRig.Id(0), default).GetAsyncEnumerator();

        Assert.That(await PollingRig.Soon(watch.MoveNextAsync().AsTask()), Is.True);
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_loop_does_not_run_in_the_ambient_values_of_whoever_came_first()
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
        await rig.SettleAsync();

        Assert.That(seen, Is.Null);
    }

    [Test]
    public async Task Waits_from_many_threads_all_end()
    {
        await using var rig = new PollingRig(options => options.PollingInterval = TimeSpan.FromMilliseconds(10));
        rig.Endpoint.State = (_, _) => States.Success();

        var all = Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            var done = 0;
            for (var number = 0; number < 100; number++)
            {
                await rig.Wait((thread * 50) + number, timeout: TimeSpan.FromHours(10));
                done++;
            }

            return done;
        })));

        Assert.That((await rig.RunAsync(all)).Sum(), Is.EqualTo(800));
        await rig.Poller.Loop.Running.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(rig.Clock.Timers, Is.Zero);
    }

    [Test]
    public async Task The_logs_say_what_happens_and_hold_neither_key_nor_link()
    {
        var log = new TestLog();
        await using var rig = new PollingRig(logger: log);
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(20) ? States.Progress(1) : States.Success();
        rig.Endpoint.Answer = (number, _) => number == 0 ? CheckEndpoint.Error(429) : null;

        var wait = rig.Wait();
        await rig.AdvanceAsync(30);
        await PollingRig.Soon(wait);
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(403);
        var refused = rig.Wait();
        await rig.AdvanceAsync(2.5);
        await PollingRig.Fails<LalalAiAuthenticationException>(refused);
        await rig.Poller.Loop.Running.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(log.Lines, Has.One.StartsWith("Warning: A check failed with LalalAiRateLimitException"));
        Assert.That(log.Lines, Has.One.StartsWith($"Debug: Task {PollingRig.Id(0)} ended as TaskSucceeded after a wait of"));
        Assert.That(log.Lines, Has.One.StartsWith("Error: A check failed with LalalAiAuthenticationException"));
        Assert.That(log.Lines, Has.None.Contains("secret-key").And.None.Contains("cdn.example"));
    }

    [Test]
    public async Task The_meter_counts_checks_and_the_tasks_that_are_waited_for()
    {
        using var measurements = new Measurements();
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(4) ? States.Progress(1) : States.Success();

        var waits = new[] { rig.Wait(0), rig.Wait(0), rig.Wait(1) };
        await rig.SettleAsync();
        Assert.That(measurements.SumOf("lalalai.client.tasks.watched"), Is.EqualTo(2));
        await rig.AdvanceAsync(6.5);
        await Task.WhenAll(waits.Select(PollingRig.Soon));

        Assert.That(measurements.SumOf("lalalai.client.tasks.watched"), Is.Zero);
        Assert.That(measurements.SumOf("lalalai.client.checks"), Is.EqualTo(3));
    }

    private sealed class TestLog : ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add($"{logLevel}: {formatter(state, exception)}");
            }
        }
    }
}

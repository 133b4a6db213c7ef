using Newtonsoft.Json;

namespace LalalAi.Tests.Polling;

/// <summary>Checks that the application sends: <see cref="LalalAiClientOptions.CheckTransport"/>.</summary>
public sealed class CheckTransportTests
{
    [Test]
    public async Task CheckTransport_serves_waits_watches_and_checks()
    {
        var asked = new List<IReadOnlyList<TaskId>>();
        await using var rig = Rig((ids, _) =>
        {
            asked.Add(ids);
            return Answer(ids);
        });
        var watched = new Observer<TaskState>();

        await rig.RunAsync(rig.Wait(0));
        var watch = rig.Start(() => watched.ReadAsync(rig.Client.WatchAsync(PollingRig.Id(1))));
        await rig.AdvanceAsync(2.1);
        await PollingRig.Soon(watch);
        var each = rig.Start(() => watched.ReadAsync(rig.Client.WhenEachAsync(PollingRig.Ids(3))));
        await rig.AdvanceAsync(2.1);
        await PollingRig.Soon(each);
        await rig.RunAsync(rig.Check(2));

        Assert.That(asked.Select(ids => ids.Count), Is.EqualTo(new[] { 1, 1, 3, 1 }));
        Assert.That(watched.All, Has.Count.EqualTo(4).And.All.TypeOf<TaskSucceeded>());
        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [Test]
    public async Task CheckTransport_works_with_the_constructor()
    {
        await using var client = new LalalAiClient(
            new LalalAiClientOptions { LicenseKey = "secret-key", CheckTransport = (ids, _) => Answer(ids) });

        Assert.That((await client.WaitAsync(PollingRig.Id(0))).Tracks, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task CheckTransport_that_leaves_an_ID_out_makes_its_lookup_fail()
    {
        await using var rig = Rig((_, _) => Answer([]));

        Assert.That((await PollingRig.Soon(rig.Check(0)))[PollingRig.Id(0)], Is.TypeOf<TaskLookupFailed>());
    }

    [TestCase("")]
    [TestCase("{\"status\":")]
    [TestCase("null")]
    [TestCase(null)]
    public async Task CheckTransport_with_malformed_JSON_for_one_task_leaves_the_others_intact(string? json)
    {
        await using var rig = Rig((ids, _) => Task.FromResult<IReadOnlyDictionary<TaskId, string>>(
            ids.ToDictionary(id => id, id => id == PollingRig.Id(0) ? json! : States.Success().ToString(Formatting.None))));

        var states = await PollingRig.Soon(rig.Check(0, 1));

        Assert.That(states[PollingRig.Id(0)], Is.TypeOf<UnknownTaskState>().Or.TypeOf<TaskLookupFailed>());
        Assert.That(states[PollingRig.Id(1)], Is.TypeOf<TaskSucceeded>());
    }

    [Test]
    public async Task CheckTransport_that_throws_pauses_the_wait()
    {
        var calls = 0;
        await using var rig = Rig((ids, _) => calls++ switch
        {
            0 => throw new InvalidOperationException("synchronous"),
            1 => Task.FromException<IReadOnlyDictionary<TaskId, string>>(new ObjectDisposedException("grain")),
            2 => Task.FromResult<IReadOnlyDictionary<TaskId, string>>(null!),
            3 => Task.FromCanceled<IReadOnlyDictionary<TaskId, string>>(new CancellationToken(canceled: true)),
            4 => null!,
            _ => Answer(ids),
        });

        Assert.That((await rig.RunAsync(rig.Wait())).Tracks, Has.Count.EqualTo(2));
        Assert.That(calls, Is.EqualTo(6));
    }

    [Test]
    public async Task CheckTransport_that_ignores_its_token_ends_with_the_request_timeout()
    {
        var calls = 0;
        var clock = default(PollingClock);
        await using var rig = Rig(
            (ids, _) => calls++ == 0 ? Never(clock!) : Answer(ids), options => options.RequestTimeout = TimeSpan.FromSeconds(10));
        clock = rig.Clock;
        var wait = rig.Wait();
        await rig.Clock.LoopIsIdleAsync();

        rig.Clock.LoopIsBusy();
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        await rig.Clock.LoopIsIdleAsync();
        await rig.AdvanceAsync(2.5);

        await PollingRig.Soon(wait);
        Assert.That(calls, Is.EqualTo(2));
    }

    [Test]
    public async Task DisposeAsync_does_not_wait_for_a_CheckTransport_that_ignores_its_token()
    {
        var clock = default(PollingClock);
        var rig = Rig((_, _) => Never(clock!));
        clock = rig.Clock;
        var wait = rig.Wait();
        await rig.Clock.LoopIsIdleAsync();

        await rig.DisposeAsync();

        await PollingRig.FailsAsync<ObjectDisposedException>(wait);
    }

    private static Task<IReadOnlyDictionary<TaskId, string>> Answer(IReadOnlyList<TaskId> ids) =>
        Task.FromResult<IReadOnlyDictionary<TaskId, string>>(ids.ToDictionary(id => id, _ => States.Success().ToString(Formatting.None)));

    private static Task<IReadOnlyDictionary<TaskId, string>> Never(PollingClock clock)
    {
        clock.LoopIsHeld();
        return new TaskCompletionSource<IReadOnlyDictionary<TaskId, string>>().Task;
    }

    private static PollingRig Rig(
        Func<IReadOnlyList<TaskId>, CancellationToken, Task<IReadOnlyDictionary<TaskId, string>>> transport,
        Action<LalalAiClientOptions>? configure = null) =>
        new(options =>
        {
            options.CheckTransport = transport;
            configure?.Invoke(options);
        });
}

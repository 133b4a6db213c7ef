using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Polling;

/// <summary>How a wait for one task ends.</summary>
public sealed class WaitTests
{
    private static readonly object[] FinalStates =
    [
        new object[] { States.Failure(), typeof(TaskFailed) },
        new object[] { States.Canceled(), typeof(TaskCanceled) },
        new object[] { States.Unknown(), typeof(UnknownTaskState) },
    ];

    // Neither says anything about the task.
    private static readonly object?[] FailedLookups =
    [
        new object?[] { States.ServerError(), typeof(TaskLookupFailed) },
        new object?[] { null, typeof(TaskLookupFailed) },
        new object?[] { new JValue("nonsense"), typeof(UnknownTaskState) },
        new object?[] { new JArray(1, 2), typeof(UnknownTaskState) },
        new object?[] { new JObject { ["status"] = "success" }, typeof(UnknownTaskState) },
        new object?[] { JObject.Parse("""{"status":"success","result":{"tracks":[]}}"""), typeof(UnknownTaskState) },
    ];

    private static readonly object[] UnreadableProgress =
    [
        new JObject { ["status"] = "progress", ["progress"] = "37%" },
        new JObject { ["status"] = "progress", ["progress"] = new JArray() },
        new JObject { ["status"] = "progress", ["presets"] = 5, ["source_id"] = new JArray() },
        new JObject { ["status"] = "progress" },
    ];

    [Test]
    public async Task WaitAsync_returns_the_tracks_of_a_task_that_succeeds()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(4) ? States.Progress(50) : States.Success();

        var wait = rig.Wait();
        await rig.AdvanceAsync(6.5);

        var done = await PollingRig.Soon(wait);
        Assert.That(done.TaskId, Is.EqualTo(PollingRig.Id(0)));
        Assert.That(done.Tracks.Select(track => track.Label), Is.EqualTo(new[] { "vocals", "no_vocals" }));
    }

    [TestCaseSource(nameof(FinalStates))]
    public async Task WaitAsync_throws_when_the_task_does_not_succeed(JToken state, Type type)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => state;

        var exception = await PollingRig.FailsAsync<LalalAiTaskException>(rig.Wait());

        Assert.That(exception.State, Is.TypeOf(type));
        Assert.That(exception.TaskId, Is.EqualTo(PollingRig.Id(0)));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [TestCaseSource(nameof(FailedLookups))]
    public async Task WaitAsync_retries_a_failed_lookup_three_times(JToken? response, Type type)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => response;

        var wait = rig.Wait();
        await rig.AdvanceAsync(6.0);
        Assert.That((wait.IsCompleted, rig.Endpoint.Calls.Count), Is.EqualTo((false, 3)));
        await rig.AdvanceAsync(2.1);

        var exception = await PollingRig.FailsAsync<LalalAiTaskException>(wait);
        Assert.That(exception.State, Is.TypeOf(type));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(4));
    }

    [TestCaseSource(nameof(FailedLookups))]
    public async Task WaitAsync_believes_a_failed_lookup_of_a_known_task_after_five_minutes(JToken? response, Type type)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(1) ? States.Progress(5) : response;

        var wait = rig.Wait();
        await rig.AdvanceAsync(299);
        Assert.That(wait.IsCompleted, Is.False);
        await rig.AdvanceAsync(3);

        var exception = await PollingRig.FailsAsync<LalalAiTaskException>(wait);
        Assert.That(exception.State, Is.TypeOf(type));
    }

    [Test]
    public async Task Failed_lookups_are_logged_once_in_a_row()
    {
        using var log = new TestLog();
        await using var rig = new PollingRig(logs: log);
        rig.Endpoint.State = (id, at) => id != $"{PollingRig.Id(2)}" && (at < TimeSpan.FromSeconds(1) || at.Minutes == 2)
            ? States.Progress(5)
            : States.ServerError();

        rig.WaitForEach(2);
        await rig.AdvanceAsync(240);

        // A check is not retried.
        await rig.RunAsync(rig.Check(2));

        const string message =
            "Information: The lookups of 2 tasks fail, such as task 00000001-0000-4000-8000-000000000000. "
            + "Each is retried at least three times, and for 5 minutes if the task is known to exist.";
        Assert.That(log.Lines, Is.EqualTo(new[] { message, message }));
    }

    [Test]
    public async Task WaitAsync_counts_failed_lookups_in_a_row()
    {
        await using var rig = new PollingRig();
        var check = 0;
        rig.Endpoint.State = (_, _) => ++check % 4 == 0 ? States.Progress(5) : null;

        var wait = rig.Wait();
        await rig.AdvanceAsync(60);

        Assert.That(wait.IsCompleted, Is.False);
    }

    [TestCaseSource(nameof(UnreadableProgress))]
    public async Task WaitAsync_continues_when_progress_cannot_be_read(JToken response)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromHours(1) ? response : States.Success();

        var wait = rig.Wait();
        await rig.AdvanceAsync(3611);

        await PollingRig.Soon(wait);
    }

    [Test]
    public async Task WaitAsync_finds_an_answer_whose_ID_is_in_capitals()
    {
        await using var rig = new PollingRig();
        const string Id = "ABCDEF00-0000-4000-8000-00000000000A";
        rig.Endpoint.Answer = (_, _) =>
            Task.FromResult(CheckEndpoint.Json(new JObject { ["result"] = new JObject { [Id] = States.Success() } }));

        var done = await PollingRig.Soon(rig.Start(() => rig.Client.WaitAsync(new TaskId(Id.ToLowerInvariant()))));

        Assert.That(done.TaskId, Is.EqualTo(new TaskId(Id)));
    }

    [Test]
    public async Task WaitAsync_times_out_with_the_last_state()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Progress(42);

        var wait = rig.Wait(timeout: TimeSpan.FromSeconds(5));
        await rig.AdvanceAsync(4.9);
        Assert.That(wait.IsCompleted, Is.False);
        await rig.AdvanceAsync(0.1);

        var exception = await PollingRig.FailsAsync<LalalAiTaskTimeoutException>(wait);
        Assert.That(exception.TaskId, Is.EqualTo(PollingRig.Id(0)));
        Assert.That(exception.LastState, Is.TypeOf<TaskInProgress>().With.Property("Percent").EqualTo(42));
        Assert.That(exception.InnerException, Is.Null);
    }

    [Test]
    public async Task WaitAsync_times_out_while_a_request_is_in_flight()
    {
        await using var rig = new PollingRig();
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (_, _) => held.Task;

        var wait = rig.Wait(timeout: TimeSpan.FromSeconds(5));
        await rig.AdvanceAsync(5);

        var exception = await PollingRig.FailsAsync<LalalAiTaskTimeoutException>(wait);
        Assert.That(exception.LastState, Is.Null);
    }

    [Test]
    public async Task WaitAsync_times_out_with_the_reason_why_checks_fail()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(403, "<html>Blocked by policy</html>");

        var wait = rig.Wait(timeout: TimeSpan.FromMinutes(10));
        await rig.AdvanceAsync(600);

        var exception = await PollingRig.FailsAsync<LalalAiTaskTimeoutException>(wait);
        Assert.That(exception.Message, Does.Contain("something between the client and the service"));
        Assert.That(exception.InnerException, Is.TypeOf<LalalAiApiException>());
    }

    [Test]
    public async Task WaitAsync_times_out_after_the_longest_time_that_a_timer_can_hold()
    {
        await using var rig = new PollingRig();
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (_, _) => held.Task;
        var wait = rig.Wait(timeout: TimeSpan.FromDays(24));
        await rig.Clock.LoopIsIdleAsync();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(503);
        held.Give(new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable));
        await rig.Clock.LoopIsIdleAsync();

        rig.Clock.Advance(TimeSpan.FromDays(24) - TimeSpan.FromMinutes(1));
        await rig.Clock.LoopIsIdleAsync();
        Assert.That(wait.IsCompleted, Is.False);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));

        var exception = await PollingRig.FailsAsync<LalalAiTaskTimeoutException>(wait);
        Assert.That(exception.Message, Does.Contain(TimeSpan.FromDays(24).ToString()));
    }

    [Test]
    public async Task WaitAsync_has_no_limit_with_a_timeout_that_no_timer_can_hold()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(60) ? States.Progress(1) : States.Success();
        TimeSpan[] timeouts = [TimeSpan.FromDays(25), TimeSpan.FromDays(1000), TimeSpan.MaxValue, Timeout.InfiniteTimeSpan];
        var waits = timeouts.Select((timeout, number) => rig.Wait(number, timeout: timeout)).ToList();

        await rig.AdvanceAsync(65);

        foreach (var wait in waits)
        {
            await PollingRig.Soon(wait);
        }
    }

    [Test]
    public async Task WaitAsync_times_out_without_a_request_when_the_timeout_is_zero()
    {
        await using var rig = new PollingRig();

        await PollingRig.FailsAsync<LalalAiTaskTimeoutException>(rig.Client.WaitAsync(PollingRig.Id(0), timeout: TimeSpan.Zero));

        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [Test]
    public async Task WaitAsync_rejects_a_negative_timeout()
    {
        await using var rig = new PollingRig();

        Assert.That(
            () => rig.Client.WaitAsync(PollingRig.Id(0), timeout: TimeSpan.FromSeconds(-2)), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task WaitAsync_times_out_each_wait_for_a_task_by_itself()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(20) ? States.Progress(1) : States.Success();

        var first = rig.Wait(timeout: TimeSpan.FromSeconds(5));
        var second = rig.Wait(timeout: TimeSpan.FromSeconds(60));
        await rig.AdvanceAsync(25);

        await PollingRig.FailsAsync<LalalAiTaskTimeoutException>(first);
        await PollingRig.Soon(second);
        Assert.That(rig.Endpoint.Calls, Has.All.Matches<CheckCall>(call => call is { Ids.Count: 1 }));
    }

    [Test]
    public async Task WaitAsync_is_canceled_with_the_callers_token_while_a_request_is_in_flight()
    {
        await using var rig = new PollingRig();
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (_, _) => held.Task;
        using var cancellation = new CancellationTokenSource();

        var wait = rig.Wait(timeout: TimeSpan.FromSeconds(5), cancellationToken: cancellation.Token);
        await rig.Clock.LoopIsIdleAsync();
        await cancellation.CancelAsync();

        var exception = await PollingRig.FailsAsync<OperationCanceledException>(wait);
        Assert.That(exception.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(wait.IsCanceled, Is.True);
    }

    [Test]
    public async Task Calls_with_a_canceled_token_send_nothing()
    {
        await using var rig = new PollingRig();
        var canceled = new CancellationToken(canceled: true);

        await PollingRig.FailsAsync<OperationCanceledException>(rig.Client.WaitAsync(PollingRig.Id(0), cancellationToken: canceled));
        await PollingRig.FailsAsync<OperationCanceledException>(rig.Client.CheckAsync([PollingRig.Id(0)], null, canceled));
        await PollingRig.FailsAsync<OperationCanceledException>(rig.Client.CheckAsync(Array.Empty<TaskId>(), null, canceled));
        await PollingRig.FailsAsync<OperationCanceledException>(
            rig.Client.WatchAsync(PollingRig.Id(0), canceled).GetAsyncEnumerator(canceled).MoveNextAsync().AsTask());
        await PollingRig.FailsAsync<OperationCanceledException>(
            rig.Client.WhenEachAsync([PollingRig.Id(0)], canceled).GetAsyncEnumerator(canceled).MoveNextAsync().AsTask());

        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [Test]
    public async Task WaitAsync_ends_with_the_first_of_several_events([Range(0, 5)] int order)
    {
        var rig = new PollingRig();
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (_, _) => held.Task;
        using var cancellation = new CancellationTokenSource();
        var wait = rig.Wait(timeout: TimeSpan.FromSeconds(5), cancellationToken: cancellation.Token);
        await rig.AdvanceAsync(4.9);
        List<(Action Happen, Type End)> events =
        [
            (() => rig.Clock.Advance(TimeSpan.FromSeconds(0.1)), typeof(LalalAiTaskTimeoutException)),
            (cancellation.Cancel, typeof(OperationCanceledException)),
            (() => (rig.Client as IDisposable)!.Dispose(), typeof(ObjectDisposedException)),
        ];

        var ordered = Permutation(events, order);
        foreach (var (happen, _) in ordered)
        {
            happen();
        }

        var thrown = await Assert.CatchAsync(() => PollingRig.Soon(wait));
        Assert.That(thrown, Is.TypeOf(ordered[0].End));
        await rig.DisposeAsync();
    }

    [Test]
    public async Task Dispose_ends_waits_and_checks_with_ObjectDisposedException()
    {
        var rig = new PollingRig();
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (_, _) => held.Task;
        var wait = rig.Wait();
        var check = rig.Check(1);

        await rig.DisposeAsync();

        await PollingRig.FailsAsync<ObjectDisposedException>(wait);
        await PollingRig.FailsAsync<ObjectDisposedException>(check);
        await PollingRig.FailsAsync<ObjectDisposedException>(rig.Client.WaitAsync(PollingRig.Id(0)));
        await PollingRig.FailsAsync<ObjectDisposedException>(rig.Client.CheckAsync([PollingRig.Id(0)]));
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("song.mp3")]
    [TestCase("0000000100004000800000000000000")]
    [TestCase("{00000001-0000-4000-8000-000000000000}")]
    public async Task Calls_reject_what_is_not_a_task_ID_without_a_request(string? id)
    {
        await using var rig = new PollingRig();
        TaskId[] tasks = [PollingRig.Id(0), new TaskId(id!)];

        Assert.That(() => rig.Client.WaitAsync(tasks[1]), Throws.ArgumentException);
        Assert.That(() => rig.Client.WatchAsync(tasks[1]), Throws.ArgumentException);
        Assert.That(() => rig.Client.WhenEachAsync(tasks), Throws.ArgumentException);
        Assert.That(() => rig.Client.CheckAsync(tasks), Throws.ArgumentException);
        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    private static List<T> Permutation<T>(List<T> items, int number)
    {
        var left = new List<T>(items);
        var result = new List<T>();
        for (var count = left.Count; count > 0; count--)
        {
            result.Add(left[number % count]);
            left.RemoveAt(number % count);
            number /= count;
        }

        return result;
    }
}

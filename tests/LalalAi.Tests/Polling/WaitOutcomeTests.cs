using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Polling;

/// <summary>How a wait ends, and that each end is told from the others.</summary>
public sealed class WaitOutcomeTests
{
    private static readonly object[] Unsuccessful =
    [
        new object[] { States.Failure(), typeof(TaskFailed) },
        new object[] { States.Cancelled(), typeof(TaskCanceled) },
        new object[] { States.Unknown(), typeof(UnknownTaskState) },
        new object[] { new JValue("nonsense"), typeof(UnknownTaskState) },
    ];

    [Test]
    public async Task A_task_that_succeeds_is_returned_with_its_tracks()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(4) ? States.Progress(50) : States.Success();

        var wait = rig.Wait();
        await rig.AdvanceAsync(6.5);

        var done = await PollingRig.Soon(wait);
        Assert.That(done.TaskId, Is.EqualTo(PollingRig.Id(0)));
        Assert.That(done.Tracks.Select(track => track.Label), Is.EqualTo(new[] { "vocals", "no_vocals" }));
    }

    [TestCaseSource(nameof(Unsuccessful))]
    public async Task A_task_that_ends_otherwise_ends_its_wait_at_once_with_its_state(JToken state, Type type)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => state;

        var wait = rig.Wait();
        await rig.SettleAsync();

        var exception = await PollingRig.Fails<LalalAiTaskException>(wait);
        Assert.That(exception.State, Is.TypeOf(type));
        Assert.That(exception.TaskId, Is.EqualTo(PollingRig.Id(0)));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_id_that_cannot_be_looked_up_has_three_second_chances(bool serverError)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => serverError ? States.ServerError() : null;

        var wait = rig.Wait();
        await rig.AdvanceAsync(6.0);
        Assert.That((wait.IsCompleted, rig.Endpoint.Calls.Count), Is.EqualTo((false, 3)));
        await rig.AdvanceAsync(2.1);

        var exception = await PollingRig.Fails<LalalAiTaskException>(wait);
        Assert.That(exception.State, Is.TypeOf<TaskLookupFailed>());
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Second_chances_are_counted_in_a_row()
    {
        await using var rig = new PollingRig();
        var check = 0;
        rig.Endpoint.State = (_, _) => ++check % 4 == 0 ? States.Progress(check) : null;

        var wait = rig.Wait();
        await rig.AdvanceAsync(60);

        Assert.That(wait.IsCompleted, Is.False);
    }

    [Test]
    public async Task An_id_that_is_missing_once_costs_nothing()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(1) ? null : States.Success();

        var wait = rig.Wait();
        await rig.AdvanceAsync(2.5);

        await PollingRig.Soon(wait);
    }

    [Test]
    public async Task An_id_in_capitals_finds_its_answer()
    {
        await using var rig = new PollingRig();
        const string Id = "ABCDEF00-0000-4000-8000-00000000000A";
        rig.Endpoint.Answer = (_, _) => Task.FromResult(CheckEndpoint.Json(new JObject { ["result"] = new JObject { ["abcdef00-0000-4000-8000-00000000000a"] = States.Success() } }));

        var wait = rig.Poller.WaitAsync(new TaskId(Id), null, null, default);
        await rig.SettleAsync();

        Assert.That((await PollingRig.Soon(wait)).TaskId.Value, Is.EqualTo(Id));
    }

    [Test]
    public async Task A_timeout_is_a_timeout_with_the_last_state()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Progress(42);
        using var cancellation = new CancellationTokenSource();

        var wait = rig.Wait(timeout: TimeSpan.FromSeconds(5), cancellationToken: cancellation.Token);
        await rig.AdvanceAsync(4.9);
        Assert.That(wait.IsCompleted, Is.False);
        await rig.AdvanceAsync(0.1);

        var exception = await PollingRig.Fails<LalalAiTaskTimeoutException>(wait);
        Assert.That(exception.TaskId, Is.EqualTo(PollingRig.Id(0)));
        Assert.That(exception.LastState, Is.TypeOf<TaskInProgress>().With.Property("Percent").EqualTo(42));
    }

    [Test]
    public async Task A_timeout_does_not_wait_for_a_check_that_is_under_way()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => new TaskCompletionSource<HttpResponseMessage>().Task;

        var wait = rig.Wait(timeout: TimeSpan.FromSeconds(5));
        await rig.AdvanceAsync(5);

        var exception = await PollingRig.Fails<LalalAiTaskTimeoutException>(wait);
        Assert.That(exception.LastState, Is.Null);
    }

    [Test]
    public async Task A_cancellation_is_a_cancellation_with_the_callers_token_and_does_not_wait_for_a_check()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => new TaskCompletionSource<HttpResponseMessage>().Task;
        using var cancellation = new CancellationTokenSource();

        var wait = rig.Wait(timeout: TimeSpan.FromSeconds(5), cancellationToken: cancellation.Token);
        await rig.SettleAsync();
        await cancellation.CancelAsync();

        var exception = await PollingRig.Fails<OperationCanceledException>(wait);
        Assert.That(exception.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(wait.IsCanceled, Is.True);
    }

    [Test]
    public async Task A_cancelled_wait_asks_for_nothing_else_than_checks()
    {
        await using var rig = new PollingRig();
        using var cancellation = new CancellationTokenSource();
        var wait = rig.Wait(cancellationToken: cancellation.Token);
        await rig.SettleAsync();
        await cancellation.CancelAsync();
        await PollingRig.Fails<OperationCanceledException>(wait);

        await rig.AdvanceAsync(60);

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_is_cancelled_before_it_begins_sends_nothing()
    {
        await using var rig = new PollingRig();
        var cancelled = new CancellationToken(canceled: true);

        await PollingRig.Fails<OperationCanceledException>(rig.Wait(cancellationToken: cancelled));
        await PollingRig.Fails<OperationCanceledException>(rig.Poller.CheckAsync([PollingRig.Id(0)], cancelled));

        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [Test]
    public async Task No_time_at_all_is_a_timeout_and_sends_nothing()
    {
        await using var rig = new PollingRig();

        await PollingRig.Fails<LalalAiTaskTimeoutException>(rig.Wait(timeout: TimeSpan.Zero));

        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [Test]
    public async Task All_the_time_there_is_means_no_timeout()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(60) ? States.Progress(1) : States.Success();
        var waits = new[] { rig.Wait(0, timeout: TimeSpan.MaxValue), rig.Wait(1, timeout: Timeout.InfiniteTimeSpan) };

        await rig.AdvanceAsync(65);

        foreach (var wait in waits)
        {
            await PollingRig.Soon(wait);
        }
    }

    [Test]
    public async Task Two_waits_for_one_task_time_out_each_by_itself()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromSeconds(20) ? States.Progress(1) : States.Success();

        var impatient = rig.Wait(timeout: TimeSpan.FromSeconds(5));
        var patient = rig.Wait(timeout: TimeSpan.FromSeconds(60));
        await rig.AdvanceAsync(25);

        await PollingRig.Fails<LalalAiTaskTimeoutException>(impatient);
        await PollingRig.Soon(patient);
        Assert.That(rig.Endpoint.Calls, Has.All.Matches<CheckCall>(call => call is { Ids.Count: 1 }));
    }

    [Test]
    public async Task What_came_first_counts_when_all_come_at_the_same_moment([Range(0, 23)] int order)
    {
        await using var rig = new PollingRig();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        rig.Endpoint.Answer = (_, _) => answer.Task;
        using var refusal = await CheckEndpoint.Error(403);
        using var cancellation = new CancellationTokenSource();
        var wait = rig.Wait(timeout: TimeSpan.FromSeconds(5), cancellationToken: cancellation.Token);
        await rig.AdvanceAsync(4.9);

        var events = new List<(Action Happen, Type End)>
        {
            (() => rig.Clock.Advance(TimeSpan.FromSeconds(0.1)), typeof(LalalAiTaskTimeoutException)),
            (cancellation.Cancel, typeof(OperationCanceledException)),
            (rig.Poller.Dispose, typeof(ObjectDisposedException)),
            (() => answer.SetResult(refusal), typeof(LalalAiAuthenticationException)),
        };
        var ordered = Permutation(events, order);
        foreach (var (happen, _) in ordered)
        {
            happen();
        }

        var thrown = (await Assert.CatchAsync(() => PollingRig.Soon(wait)))!;
        // The answer has to travel through the loop first, so that what happens right after it may overtake it.
        var possible = ordered[0].End == typeof(LalalAiAuthenticationException) ? ordered.Take(2) : ordered.Take(1);
        Assert.That(possible.Select(end => end.End), Does.Contain(thrown.GetType()));
        if (thrown is OperationCanceledException cancelled)
        {
            Assert.That(cancelled.CancellationToken, Is.EqualTo(cancellation.Token));
        }
    }

    [Test]
    public async Task Disposal_ends_waits_as_what_it_is()
    {
        var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => new TaskCompletionSource<HttpResponseMessage>().Task;
        using var cancellation = new CancellationTokenSource();
        var wait = rig.Wait(timeout: TimeSpan.FromSeconds(5), cancellationToken: cancellation.Token);
        var check = rig.Poller.CheckAsync([PollingRig.Id(0)], cancellation.Token);
        await rig.SettleAsync();

        await rig.DisposeAsync();

        await PollingRig.Fails<ObjectDisposedException>(wait);
        await PollingRig.Fails<ObjectDisposedException>(check);
        await PollingRig.Fails<ObjectDisposedException>(rig.Wait());
        await PollingRig.Fails<ObjectDisposedException>(rig.Poller.CheckAsync([PollingRig.Id(0)], default));
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("song.mp3")]
    [TestCase("0000000100004000800000000000000")]
    [TestCase("{00000001-0000-4000-8000-000000000000}")]
    public async Task What_is_no_id_is_refused_before_anything_is_sent(string? id)
    {
        await using var rig = new PollingRig();
        TaskId[] tasks = [PollingRig.Id(0), new TaskId(id!)];

        Assert.That(() => rig.Poller.WaitAsync(tasks[1], null, null, default), Throws.ArgumentException);
        Assert.That(() => rig.Poller.WatchAsync(tasks[1], default), Throws.ArgumentException);
        Assert.That(() => rig.Poller.WhenEachAsync(tasks, default), Throws.ArgumentException);
        Assert.That(() => rig.Poller.CheckAsync(tasks, default), Throws.ArgumentException);
        Assert.That(rig.Endpoint.Calls, Is.Empty);
    }

    [Test]
    public async Task A_negative_timeout_is_refused()
    {
        await using var rig = new PollingRig();

        Assert.That(() => rig.Wait(timeout: TimeSpan.FromSeconds(-2)), Throws.TypeOf<ArgumentOutOfRangeException>());
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

using System.Threading.RateLimiting;

namespace LalalAi.Tests.Polling;

/// <summary>When requests are sent, and for which tasks.</summary>
public sealed class CheckPaceTests
{
    [TestCase(1, 1)]
    [TestCase(10, 1)]
    [TestCase(200, 1)]
    public async Task Waits_cost_at_most_thirty_requests_a_minute(int waits, int requestsForAll)
    {
        await using var rig = new PollingRig();
        _ = rig.Waits(waits);

        await rig.AdvanceAsync(300);

        Assert.That(rig.Endpoint.MostInAMinute(), Is.InRange(28, 30));
        // The first request contains the tasks that were there when it was sent.
        var round = rig.Endpoint.Calls.Skip(1).Take(requestsForAll).SelectMany(call => call.Ids).ToList();
        Assert.That(round, Is.Unique);
        Assert.That(round, Has.Count.EqualTo(waits));
    }

    [TestCase(1)]
    [TestCase(200)]
    public async Task A_young_wait_notices_the_end_within_one_polling_interval(int waits)
    {
        await using var rig = new PollingRig();
        var end = TimeSpan.FromSeconds(300);
        rig.Endpoint.State = (id, at) => id == PollingRig.Id(waits - 1).Value && at >= end ? States.Success() : States.Progress(1);
        var last = rig.Waits(waits)[^1];

        await rig.AdvanceAsync(302.1);

        await PollingRig.Soon(last);
    }

    [Test]
    public async Task A_thousand_equal_waits_are_checked_in_turn()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Progress(50);
        rig.WaitForEach(1000);

        await rig.AdvanceAsync(60);

        Assert.That(rig.Endpoint.Calls.Take(10).SelectMany(call => call.Ids).Distinct().Count(), Is.EqualTo(1000));
        Assert.That(rig.Endpoint.Calls, Has.All.Matches<CheckCall>(call => call is { Ids.Count: 200 }));
    }

    [Test]
    public async Task A_task_that_is_about_to_end_is_asked_for_before_a_thousand_that_are_queued()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (id, at) =>
            id == PollingRig.Id(700).Value ? States.Progress(Math.Min(99, (int)at.TotalSeconds)) : States.Progress(0);
        rig.WaitForEach(1001);

        await rig.AdvanceAsync(130);

        var nearEnd = rig.Endpoint.Calls.Where(call => call.At > TimeSpan.FromSeconds(95)).ToList();
        Assert.That(nearEnd, Has.All.Matches<CheckCall>(call => call!.Ids.Contains(PollingRig.Id(700).Value)));
    }

    [Test]
    public async Task A_task_that_is_about_to_end_is_asked_for_first_by_a_client_that_has_to_wait_for_others()
    {
        var clock = new TestClock();
        var near = PollingRig.Id(700);
        var calls = new List<(TimeSpan At, bool IsForNear)>();
        var end = new TaskCompletionSource();
        await using var client = new LalalAiClient(new LalalAiClientOptions
        {
            LicenseKey = "secret-key",
            TimeProvider = clock,
            CheckTransport = async (ids, cancellationToken) =>
            {
                // Five clients share the transport: each request waits for those of the others.
                clock.Advance(TimeSpan.FromSeconds(5 * 2.1));
                calls.Add((clock.Elapsed, ids.Contains(near)));
                if (clock.Elapsed > TimeSpan.FromSeconds(700))
                {
                    end.SetResult();
                    await TestLimit.ForeverAsync(cancellationToken);
                }

                var percent = Math.Min(99, (int)clock.Elapsed.TotalSeconds / 5);
                return ids.ToDictionary(id => id, id => States.Progress(id == near ? percent : 0).ToString());
            },
        });
        using var cancellation = new CancellationTokenSource();

        var waits = new Observer<TaskState>().ReadAsync(client.WhenEachAsync(PollingRig.Ids(1001), cancellation.Token));
        await PollingRig.Soon(end.Task);
        await cancellation.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => waits);

        var nearEnd = calls.Where(call => call.At > TimeSpan.FromSeconds(500)).ToList();
        Assert.That(nearEnd, Has.Count.GreaterThan(10).And.All.Matches<(TimeSpan At, bool IsForNear)>(call => call.IsForNear));
    }

    [Test]
    [Category("Slow")]
    public async Task Checks_starve_no_task_while_others_are_about_to_end([Values] bool afterOutage)
    {
        var isLimiterDown = false;
        using var limiter = new TestLimiter(_ => isLimiterDown ? throw new IOException() : true, null);
        await using var rig = new PollingRig(options => options.CheckRateLimiter = afterOutage ? limiter : null);
        // 600 tasks that seem to end at once, for ever, are three times what a request holds.
        var near = PollingRig.Ids(600).Select(id => id.Value).ToHashSet();
        rig.Endpoint.State = (id, _) => States.Progress(near.Contains(id) ? 99 : 0);
        rig.WaitForEach(1000);
        if (afterOutage)
        {
            await rig.AdvanceAsync(10);
            isLimiterDown = true;
            await rig.AdvanceAsync(3600);
            isLimiterDown = false;
            rig.Endpoint.Forget();
        }

        var start = rig.Clock.Elapsed.TotalSeconds;
        await rig.AdvanceAsync(600);

        foreach (var id in PollingRig.Ids(1000))
        {
            var calls = rig.Endpoint.Calls.Where(call => call.Ids.Contains(id.Value));
            var times = calls.Select(call => call.At.TotalSeconds).Prepend(start).Append(start + 600).ToList();
            Assert.That(times.Zip(times.Skip(1), (from, to) => to - from).Max(), Is.LessThan(150), id.Value);
        }
    }

    [Test]
    public async Task Single_checks_that_never_stop_leave_room_for_the_waits()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Progress(50);
        rig.WaitForEach(400);
        await rig.AdvanceAsync(10);
        rig.Endpoint.Forget();
        for (var round = 0; round < 20; round++)
        {
            _ = rig.Check(Enumerable.Range(1000 + (round * 300), 300));
            await rig.AdvanceAsync(2.1);
        }

        var waits = PollingRig.Ids(400).Select(id => id.Value).ToHashSet();
        Assert.That(rig.Endpoint.Calls.SelectMany(call => call.Ids).Where(waits.Contains).Distinct().Count(), Is.EqualTo(400));
        Assert.That(rig.Endpoint.Calls, Has.All.Matches<CheckCall>(call => call!.Ids.Count(waits.Contains) == 50));
    }

    [Test]
    public async Task A_new_wait_among_many_is_in_the_next_request()
    {
        await using var rig = new PollingRig();
        rig.WaitForEach(400);
        await rig.AdvanceAsync(60);
        rig.Endpoint.Forget();

        _ = rig.Wait(5000);
        await rig.AdvanceAsync(2.1);

        Assert.That(rig.Endpoint.Calls.Single().Ids, Does.Contain(PollingRig.Id(5000).Value));
    }

    [Test]
    public async Task First_wait_is_checked_immediately()
    {
        await using var rig = new PollingRig();

        _ = rig.Wait();
        await rig.Clock.LoopIsIdleAsync();

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_wait_that_joins_later_is_in_the_next_request()
    {
        await using var rig = new PollingRig();
        _ = rig.Wait(0);
        await rig.AdvanceAsync(1);

        _ = rig.Wait(1);
        await rig.AdvanceAsync(1.1);

        Assert.That(rig.Endpoint.Calls.Select(call => (call.At.TotalSeconds, call.Ids.Count)), Is.EqualTo(new[] { (0.0, 1), (2.1, 2) }));
    }

    [Test]
    public async Task An_old_wait_is_checked_less_often_but_at_least_every_ten_seconds()
    {
        await using var rig = new PollingRig();
        _ = rig.Wait();

        await rig.AdvanceAsync(3600 * 2);

        var times = rig.Endpoint.Calls.Select(call => call.At.TotalSeconds).ToList();
        double GapAt(double seconds) => times.First(at => at > seconds) - times.Last(at => at <= seconds);
        Assert.That(GapAt(590), Is.EqualTo(2.1).Within(0.01));
        Assert.That(GapAt(1200), Is.EqualTo(4.2).Within(0.1));
        Assert.That(GapAt(7000), Is.EqualTo(10).Within(0.01));
        Assert.That(rig.Endpoint.Gaps.Max(), Is.LessThanOrEqualTo(10.01));
    }

    [Test]
    public async Task An_old_wait_does_not_delay_a_new_one()
    {
        await using var rig = new PollingRig();
        _ = rig.Wait(0);
        await rig.AdvanceAsync(4000);
        rig.Endpoint.Forget();

        _ = rig.Wait(1);
        await rig.AdvanceAsync(2.1);

        Assert.That(rig.Endpoint.Calls.Single().Ids, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_polling_interval_of_zero_sends_thirty_requests_and_then_waits_for_the_budget()
    {
        await using var rig = new PollingRig(options => options.PollingInterval = TimeSpan.Zero);
        var thirty = new TaskCompletionSource();
        rig.Endpoint.Answer = (number, _) =>
        {
            if (number == 29)
            {
                thirty.SetResult();
            }

            return null;
        };
        _ = rig.Wait();
        await PollingRig.Soon(thirty.Task);

        // The timer of the limiter, because that of the loop is not set.
        await rig.Clock.TimersAreSetAsync(1);
        var held = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (_, _) => held.Task;
        rig.Clock.LoopIsBusy();
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        await rig.Clock.LoopIsIdleAsync();

        Assert.That(rig.Endpoint.Calls[30].At, Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [TestCase(null, 3)]
    [TestCase(7, 21)]
    [TestCase(0, 3)]
    [TestCase(3600, 900)]
    public async Task Limiter_that_rejects_is_retried_after_its_delay_or_a_second(int? retryAfter, int seconds)
    {
        using var limiter = new TestLimiter(asked => asked >= 3, retryAfter is { } each ? TimeSpan.FromSeconds(each) : null);
        await using var rig = new PollingRig(options => options.CheckRateLimiter = limiter);
        rig.Endpoint.State = (_, _) => States.Success();

        var wait = rig.Wait();
        for (var refusal = 0; refusal < 3; refusal++)
        {
            await rig.Clock.TimersAreSetAsync(1);
            rig.Clock.Advance(TimeSpan.FromSeconds(seconds / 3));
        }

        await PollingRig.Soon(wait);
        // The wait has its response before the loop returns the lease.
        await PollingRig.Soon(rig.Client.DisposeAsync().AsTask());
        Assert.That((limiter.Asked, limiter.Returned), Is.EqualTo((4, 4)), "Each lease is returned.");
        Assert.That(rig.Endpoint.Calls.Single().At.TotalSeconds, Is.EqualTo(seconds));
    }

    [Test]
    public async Task A_limiter_of_the_application_is_not_disposed()
    {
        using var limiter = new TestLimiter(_ => true, null);
        await using (var rig = new PollingRig(options => options.CheckRateLimiter = limiter))
        {
            _ = rig.Wait();
            await rig.AdvanceAsync(2.0);
        }

        Assert.That((limiter.Asked, limiter.IsDisposed), Is.EqualTo((1, false)));
    }

    [Test]
    public async Task A_shared_budget_holds_for_all_clients_together()
    {
        using var budget = CheckBudget.Create(new Microsoft.Extensions.Time.Testing.FakeTimeProvider());
        await using var one = new PollingRig(options => options.CheckRateLimiter = budget);
        await using var other = new PollingRig(options => options.CheckRateLimiter = budget);
        _ = one.Wait();
        _ = other.Wait();

        await one.AdvanceAsync(2.1 * 9);
        await other.AdvanceAsync(2.1 * 9);

        Assert.That(one.Endpoint.Calls.Count + other.Endpoint.Calls.Count, Is.EqualTo(20));
        Assert.That(Enumerable.Range(0, 11).Count(_ => budget.AttemptAcquire().IsAcquired), Is.EqualTo(10));
    }

    private sealed class TestLimiter(Func<int, bool> grants, TimeSpan? retryAfter) : RateLimiter
    {
        private int _asked;
        private int _returned;

        public int Asked => Volatile.Read(ref _asked);

        public int Returned => Volatile.Read(ref _returned);

        public bool IsDisposed { get; private set; }

        public override TimeSpan? IdleDuration => null;

        private TimeSpan? RetryAfter => retryAfter;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) =>
            new Lease(this, grants(Interlocked.Increment(ref _asked) - 1));

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
            new(AttemptAcquireCore(permitCount));

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }

        private sealed class Lease(TestLimiter limiter, bool isAcquired) : RateLimitLease
        {
            public override bool IsAcquired => isAcquired;

            public override IEnumerable<string> MetadataNames => [];

            public override bool TryGetMetadata(string metadataName, out object? metadata)
            {
                metadata = metadataName == MetadataName.RetryAfter.Name ? limiter.RetryAfter : null;
                return metadata is not null;
            }

            protected override void Dispose(bool disposing)
            {
                Interlocked.Increment(ref limiter._returned);
                base.Dispose(disposing);
            }
        }
    }
}

using System.Threading.RateLimiting;
using LalalAi.Polling;

namespace LalalAi.Tests.Polling;

/// <summary>What waiting costs in requests, and how soon an end is noticed all the same.</summary>
public sealed class CheckBudgetTests
{
    [TestCase(1, 1)]
    [TestCase(10, 1)]
    [TestCase(200, 1)]
    [TestCase(1000, 5)]
    public async Task Any_number_of_waits_costs_at_most_thirty_requests_a_minute(int waits, int requestsForAll)
    {
        await using var rig = new PollingRig();
        foreach (var id in PollingRig.Ids(waits))
        {
            _ = rig.Poller.WaitAsync(id, null, null, default);
        }

        await rig.AdvanceAsync(300);

        Assert.That(rig.Endpoint.MostInAMinute(), Is.InRange(28, 30));
        Assert.That(rig.Endpoint.Calls.Max(call => call.Ids.Count), Is.EqualTo(Math.Min(waits, 200)));
        // The first request holds whoever was there when it was made.
        var round = rig.Endpoint.Calls.Skip(1).Take(requestsForAll).SelectMany(call => call.Ids).ToList();
        Assert.That(round, Is.Unique);
        Assert.That(round, Has.Count.EqualTo(waits));
        TestContext.Out.WriteLine($"{waits} waits: {rig.Endpoint.MostInAMinute()} requests in the busiest 60 s, {rig.Endpoint.Calls.Count} in 300 s.");
    }

    [TestCase(1, 40)]
    [TestCase(200, 3)]
    public async Task An_end_is_noticed_within_two_and_a_half_seconds_while_the_wait_is_young(int waits, int trials)
    {
        var random = new Random(7);
        for (var trial = 0; trial < trials; trial++)
        {
            await using var rig = new PollingRig();
            var end = TimeSpan.FromSeconds(Math.Round(1 + (random.NextDouble() * 590), 1));
            rig.Endpoint.State = (id, at) => id == PollingRig.Id(waits - 1).Value && at >= end ? States.Success() : States.Progress(1);
            foreach (var id in PollingRig.Ids(waits - 1))
            {
                _ = rig.Poller.WaitAsync(id, null, null, default);
            }

            var wait = rig.Wait(waits - 1);
            await rig.AdvanceAsync(end, TimeSpan.FromSeconds(0.5));
            await rig.AdvanceAsync(2.5);

            // The clock stands still now.
            await PollingRig.Soon(wait);
        }
    }

    [Test]
    public async Task More_than_200_tasks_take_turns()
    {
        await using var rig = new PollingRig();
        foreach (var id in PollingRig.Ids(1000))
        {
            _ = rig.Poller.WaitAsync(id, null, null, default);
        }

        await rig.AdvanceAsync(120);

        var rounds = rig.Endpoint.Calls.Skip(1).ToList();
        for (var index = 0; index + 5 <= rounds.Count; index++)
        {
            Assert.That(rounds.Skip(index).Take(5).SelectMany(call => call.Ids).Distinct().Count(), Is.EqualTo(1000), $"from request {index}");
        }
    }

    [Test]
    public async Task A_newcomer_among_many_has_its_turn_as_soon_as_the_others()
    {
        await using var rig = new PollingRig();
        foreach (var id in PollingRig.Ids(400))
        {
            _ = rig.Poller.WaitAsync(id, null, null, default);
        }

        await rig.AdvanceAsync(60);
        var before = rig.Endpoint.Calls.Count;
        _ = rig.Wait(5000);
        await rig.AdvanceAsync(7);

        Assert.That(rig.Endpoint.Calls.Skip(before).Count(call => call.Ids.Contains(PollingRig.Id(5000).Value)), Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public async Task The_first_wait_is_checked_at_once()
    {
        await using var rig = new PollingRig();

        _ = rig.Wait();
        await rig.SettleAsync();

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_wait_that_joins_late_is_checked_with_the_next_request_and_brings_none_of_its_own()
    {
        await using var rig = new PollingRig();
        _ = rig.Wait(0);
        await rig.AdvanceAsync(1);

        _ = rig.Wait(1);
        await rig.AdvanceAsync(1.1);

        Assert.That(rig.Endpoint.Calls.Select(call => (call.At.TotalSeconds, call.Ids.Count)), Is.EqualTo(new[] { (0.0, 1), (2.1, 2) }));
    }

    [Test]
    public async Task A_wait_that_is_old_is_checked_less_often_but_at_least_every_ten_seconds()
    {
        await using var rig = new PollingRig();
        _ = rig.Wait();

        await rig.AdvanceAsync(3600 * 2, 0.5);

        var times = rig.Endpoint.Calls.Select(call => call.At.TotalSeconds).ToList();
        double GapAt(double seconds) => times.First(at => at > seconds) - times.Last(at => at <= seconds);
        Assert.That(GapAt(590), Is.EqualTo(2.1).Within(0.5));
        Assert.That(GapAt(1200), Is.EqualTo(4.2).Within(0.6));
        Assert.That(GapAt(7000), Is.EqualTo(10).Within(0.5));
        Assert.That(times.Zip(times.Skip(1), (from, to) => to - from).Max(), Is.LessThanOrEqualTo(10.5));
    }

    [Test]
    public async Task An_old_wait_does_not_hold_a_new_one_back()
    {
        await using var rig = new PollingRig();
        _ = rig.Wait(0);
        await rig.AdvanceAsync(4000, 0.5);

        var before = rig.Clock.Elapsed;
        _ = rig.Wait(1);
        await rig.AdvanceAsync(2.5);

        Assert.That(rig.Endpoint.Calls.Last(call => call.Ids.Contains(PollingRig.Id(1).Value)).At, Is.LessThanOrEqualTo(before + TimeSpan.FromSeconds(2.5)));
    }

    [Test]
    public async Task A_limiter_of_the_users_rules_and_is_not_disposed()
    {
        using var limiter = new SlidingLogRateLimiter(2, TimeSpan.FromSeconds(60), TimeProvider.System);
        await using (var rig = new PollingRig(options => options.CheckRateLimiter = limiter))
        {
            _ = rig.Wait();
            await rig.AdvanceAsync(2.0);
            Assert.That(limiter.GetStatistics()!.TotalSuccessfulLeases, Is.EqualTo(1));
        }

        Assert.That(limiter.AttemptAcquire().IsAcquired, Is.True);
    }

    [TestCase(null, 3)]
    [TestCase(7, 21)]
    [TestCase(0, 3)]
    public async Task A_limiter_that_refuses_is_asked_again_when_it_says_or_after_a_second(int? retryAfter, int seconds)
    {
        using var limiter = new RefusingLimiter(refusals: 3, retryAfter is { } each ? TimeSpan.FromSeconds(each) : null);
        await using var rig = new PollingRig(options => options.CheckRateLimiter = limiter);
        rig.Endpoint.State = (_, _) => States.Success();

        await rig.RunAsync(rig.Wait());

        Assert.That(limiter.Asked, Is.EqualTo(4));
        Assert.That(limiter.Disposed, Is.EqualTo(4), "Each lease is given back.");
        Assert.That(rig.Endpoint.Calls.Single().At.TotalSeconds, Is.GreaterThanOrEqualTo(seconds));
    }

    [Test]
    public async Task Single_checks_take_permits_from_the_same_minute()
    {
        await using var rig = new PollingRig();
        for (var check = 0; check < 30; check++)
        {
            await PollingRig.Soon(rig.Poller.CheckAsync([PollingRig.Id(check)], default));
        }

        rig.Endpoint.State = (_, _) => States.Success();
        await rig.RunAsync(rig.Wait());

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(31));
        Assert.That(rig.Endpoint.MostInAMinute(), Is.EqualTo(30));
    }

    private sealed class RefusingLimiter(int refusals, TimeSpan? retryAfter) : RateLimiter
    {
        private int _disposed;

        public int Asked { get; private set; }

        public int Disposed => Volatile.Read(ref _disposed);

        public override TimeSpan? IdleDuration => null;

        private TimeSpan? RetryAfter => retryAfter;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => new Lease(this, Asked++ >= refusals);

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(AttemptAcquireCore(permitCount));

        private sealed class Lease(RefusingLimiter limiter, bool isAcquired) : RateLimitLease
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
                Interlocked.Increment(ref limiter._disposed);
                base.Dispose(disposing);
            }
        }
    }
}

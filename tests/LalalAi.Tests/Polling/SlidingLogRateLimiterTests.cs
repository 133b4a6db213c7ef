using System.Threading.RateLimiting;
using LalalAi.Polling;

namespace LalalAi.Tests.Polling;

public sealed class SlidingLogRateLimiterTests
{
    private TestClock _clock = null!;
    private SlidingLogRateLimiter _limiter = null!;

    [SetUp]
    public void SetUp()
    {
        _clock = new TestClock();
        _limiter = new SlidingLogRateLimiter(30, TimeSpan.FromSeconds(60), _clock);
    }

    [TearDown]
    public void TearDown() => _limiter.Dispose();

    [Test]
    public void Thirty_permits_are_granted_at_once_and_the_next_is_refused()
    {
        for (var permit = 0; permit < 30; permit++)
        {
            using var lease = _limiter.AttemptAcquire();
            Assert.That(lease.IsAcquired, Is.True);
        }

        using var refused = _limiter.AttemptAcquire();
        Assert.That(refused.IsAcquired, Is.False);
    }

    [Test]
    public void A_refusal_says_when_to_come_back()
    {
        Take(30);
        _clock.Advance(TimeSpan.FromSeconds(20));

        using var refused = _limiter.AttemptAcquire();

        Assert.That(refused.TryGetMetadata(MetadataName.RetryAfter, out var after), Is.True);
        Assert.That(after, Is.EqualTo(TimeSpan.FromSeconds(40)));
    }

    [Test]
    public void No_window_of_a_minute_holds_more_than_thirty_permits_whenever_it_begins()
    {
        var random = new Random(20260101);
        var granted = new List<TimeSpan>();
        while (_clock.Elapsed < TimeSpan.FromMinutes(20))
        {
            for (var attempts = random.Next(12); attempts > 0; attempts--)
            {
                using var lease = _limiter.AttemptAcquire();
                if (lease.IsAcquired)
                {
                    granted.Add(_clock.Elapsed);
                }
            }

            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(1, 5000)));
        }

        var most = granted.Max(from => granted.Count(at => at >= from && at < from + TimeSpan.FromSeconds(60)));
        Assert.That(most, Is.EqualTo(30), $"of {granted.Count}");
    }

    [Test]
    public async Task Whoever_queues_is_served_in_order_at_the_moment_a_permit_leaves_the_window()
    {
        Take(29);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Take(1);
        var first = _limiter.AcquireAsync().AsTask();
        var second = _limiter.AcquireAsync(30).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(50) - TimeSpan.FromMilliseconds(1));
        Assert.That(first.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That((await PollingRig.Soon(first)).IsAcquired, Is.True);
        Assert.That(second.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.That((await PollingRig.Soon(second)).IsAcquired, Is.True);
    }

    [Test]
    public void Whoever_comes_later_does_not_overtake_the_queue()
    {
        Take(29);
        var queued = _limiter.AcquireAsync(2).AsTask();

        using var late = _limiter.AttemptAcquire();

        Assert.That(late.IsAcquired, Is.False);
        Assert.That(queued.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_cancelled_wait_takes_no_permit_and_lets_the_next_one_through()
    {
        Take(29);
        using var cancellation = new CancellationTokenSource();
        var large = _limiter.AcquireAsync(2, cancellation.Token).AsTask();
        var small = _limiter.AcquireAsync().AsTask();

        await cancellation.CancelAsync();

        var exception = await PollingRig.Fails<TaskCanceledException>(large);
        Assert.That(exception.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That((await PollingRig.Soon(small)).IsAcquired, Is.True);
    }

    [Test]
    public async Task Those_who_queued_count_as_much_as_those_who_did_not()
    {
        Take(30);
        var queued = Enumerable.Range(0, 31).Select(_ => _limiter.AcquireAsync().AsTask()).ToList();

        _clock.Advance(TimeSpan.FromSeconds(60));

        foreach (var lease in queued.Take(30))
        {
            Assert.That((await PollingRig.Soon(lease)).IsAcquired, Is.True);
        }

        Assert.That(queued[30].IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.That((await PollingRig.Soon(queued[30])).IsAcquired, Is.True);
    }

    [Test]
    public void A_refusal_of_several_permits_says_when_there_are_as_many()
    {
        Take(1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Take(29);

        Assert.That(_limiter.AttemptAcquire(2).TryGetMetadata(MetadataName.RetryAfter, out var after), Is.True);
        Assert.That(after, Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public void Only_a_refusal_has_metadata()
    {
        using var granted = _limiter.AttemptAcquire();
        Take(29);
        using var refused = _limiter.AttemptAcquire();

        Assert.That(granted.MetadataNames, Is.Empty);
        Assert.That(refused.MetadataNames, Is.EqualTo(new[] { MetadataName.RetryAfter.Name }));
        Assert.That(granted.TryGetMetadata(MetadataName.RetryAfter, out _), Is.False);
        Assert.That(refused.TryGetMetadata("another", out _), Is.False);
    }

    [Test]
    public void More_permits_than_a_window_holds_are_never_granted() =>
        Assert.That(() => _limiter.AcquireAsync(31), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("more than 30 permits"));

    [Test]
    public async Task Nothing_is_left_of_the_timer_when_nobody_queues()
    {
        Take(30);
        using var cancellation = new CancellationTokenSource();
        var queued = _limiter.AcquireAsync(1, cancellation.Token).AsTask();
        Assert.That(_clock.Timers, Is.EqualTo(1));

        await cancellation.CancelAsync();

        await PollingRig.Fails<TaskCanceledException>(queued);
        Assert.That(_clock.Timers, Is.Zero);
    }

    [Test]
    public async Task Disposal_refuses_those_who_queue()
    {
        Take(30);
        var queued = _limiter.AcquireAsync().AsTask();

        _limiter.Dispose();

        Assert.That((await PollingRig.Soon(queued)).IsAcquired, Is.False);
        Assert.That(_clock.Timers, Is.Zero);
        Assert.That(() => _limiter.AttemptAcquire(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void The_statistics_count_what_was_granted_refused_and_queued()
    {
        Take(30);
        _limiter.AttemptAcquire().Dispose();
        _ = _limiter.AcquireAsync(2).AsTask();

        var statistics = _limiter.GetStatistics()!;

        Assert.That(
            (statistics.CurrentAvailablePermits, statistics.CurrentQueuedCount, statistics.TotalSuccessfulLeases, statistics.TotalFailedLeases),
            Is.EqualTo((0, 2, 30, 1)));
    }

    [Test]
    public void The_statistics_leave_out_what_has_left_the_window()
    {
        Take(20);

        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.That(_limiter.GetStatistics()!.CurrentAvailablePermits, Is.EqualTo(30));
    }

    [Test]
    public void The_limiter_is_idle_from_when_its_window_is_empty()
    {
        Take(1);
        Assert.That(_limiter.IdleDuration, Is.Null);

        _clock.Advance(TimeSpan.FromSeconds(75));

        Assert.That(_limiter.IdleDuration, Is.EqualTo(TimeSpan.FromSeconds(15)));
    }

    private void Take(int permits)
    {
        for (var permit = 0; permit < permits; permit++)
        {
            using var lease = _limiter.AttemptAcquire();
            Assert.That(lease.IsAcquired, Is.True);
        }
    }
}

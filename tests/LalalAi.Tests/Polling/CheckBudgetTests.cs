using System.Threading.RateLimiting;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Tests.Polling;

/// <summary>The default limiter for checks.</summary>
public sealed class CheckBudgetTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void CheckBudget_grants_thirty_permits_at_once_and_no_more()
    {
        using var budget = CheckBudget.Create(_clock);

        Assert.That(
            Enumerable.Range(0, 31).Select(_ => budget.AttemptAcquire().IsAcquired), Is.EqualTo(Enumerable.Repeat(true, 30).Append(false)));
    }

    [Test]
    public void CheckBudget_grants_a_permit_again_sixty_seconds_after_each()
    {
        using var budget = CheckBudget.Create(_clock);
        for (var permit = 0; permit < 30; permit++)
        {
            Assert.That(budget.AttemptAcquire().IsAcquired, Is.True);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.That(budget.AttemptAcquire().IsAcquired, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((budget.AttemptAcquire().IsAcquired, budget.AttemptAcquire().IsAcquired), Is.EqualTo((true, false)));
    }

    [Test]
    public void CheckBudget_never_grants_more_than_thirty_permits_in_any_sixty_seconds([Range(1, 5)] int seed)
    {
        using var budget = CheckBudget.Create(_clock);
        var random = new Random(seed);
        var start = _clock.GetUtcNow();
        var granted = new List<TimeSpan>();
        for (var step = 0; step < 5000; step++)
        {
            _clock.Advance(TimeSpan.FromSeconds(random.Next(4) == 0 ? random.NextDouble() * 40 : random.NextDouble()));
            if (budget.AttemptAcquire().IsAcquired)
            {
                granted.Add(_clock.GetUtcNow() - start);
            }
        }

        var inAMinute = granted.Select((from, index) => granted.Skip(index).TakeWhile(at => at < from + TimeSpan.FromSeconds(60)).Count());
        Assert.That(inAMinute.Max(), Is.EqualTo(30));
    }

    [Test]
    public void CheckBudget_rejects_with_the_time_of_the_next_permit()
    {
        using var budget = CheckBudget.Create(_clock);
        Spend(budget, 29);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Spend(budget, 1);
        _clock.Advance(TimeSpan.FromSeconds(5));

        using var lease = budget.AttemptAcquire();

        Assert.That(lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter), Is.True);
        Assert.That(retryAfter, Is.EqualTo(TimeSpan.FromSeconds(45)));
        Assert.That(lease.MetadataNames, Is.EqualTo(new[] { MetadataName.RetryAfter.Name }));
    }

    [Test]
    public async Task AcquireAsync_waits_for_permits_in_order()
    {
        using var budget = CheckBudget.Create(_clock);
        Spend(budget, 29);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Spend(budget, 1);

        // Each is in the queue when it returns.
        var first = budget.AcquireAsync().AsTask();
        var second = budget.AcquireAsync(29).AsTask();
        Assert.That(budget.AttemptAcquire().IsAcquired, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.That((await PollingRig.Soon(first)).IsAcquired, Is.True);
        Assert.That(second.IsCompleted, Is.False);
    }

    [Test]
    public async Task AcquireAsync_that_is_canceled_gives_its_turn_to_the_next()
    {
        using var budget = CheckBudget.Create(_clock);
        Spend(budget, 30);
        using var cancellation = new CancellationTokenSource();
        var first = budget.AcquireAsync(1, cancellation.Token).AsTask();

        await cancellation.CancelAsync();
        await PollingRig.FailsAsync<TaskCanceledException>(first);
        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.That((await PollingRig.Soon(budget.AcquireAsync().AsTask())).IsAcquired, Is.True);
    }

    [Test]
    public void CheckBudget_rejects_more_than_thirty_permits_at_once()
    {
        using var budget = CheckBudget.Create();

        Assert.That(() => budget.AttemptAcquire(31), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => budget.AcquireAsync(31).AsTask(), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void CheckBudget_answers_a_request_for_no_permits_with_whether_there_is_one()
    {
        using var budget = CheckBudget.Create(_clock);
        Assert.That(budget.AttemptAcquire(0).IsAcquired, Is.True);
        Spend(budget, 30);

        Assert.That(budget.AttemptAcquire(0).IsAcquired, Is.False);
    }

    private static void Spend(RateLimiter budget, int permits) => Assert.That(budget.AttemptAcquire(permits).IsAcquired, Is.True);
}

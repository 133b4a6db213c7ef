using System.Threading.RateLimiting;
using LalalAi.Cli.Connection;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Cli.Tests;

/// <summary>One check budget for all processes of a user.</summary>
[Parallelizable]
public sealed class SharedCheckBudgetTests
{
    private string _directory = null!;

    private string BudgetFile => Path.Combine(_directory, "checks");

    [SetUp]
    public void Make_a_folder() => _directory = Directory.CreateTempSubdirectory("lalalai-budget").FullName;

    [TearDown]
    public void Remove_it() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Processes_together_stay_within_30_checks_in_any_60_seconds()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var budgets = Enumerable.Range(0, 3).Select(_ => new SharedCheckBudget(BudgetFile, clock)).ToList();
        var granted = new List<DateTimeOffset>();
        for (var second = 0; second < 300; second++)
        {
            foreach (var budget in budgets)
            {
                using var lease = budget.AttemptAcquire();
                if (lease.IsAcquired)
                {
                    granted.Add(clock.GetUtcNow());
                }
            }

            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(
            granted.Select(end => granted.Count(time => time <= end && time > end - TimeSpan.FromSeconds(60))).Max(), Is.EqualTo(28));
        Assert.That(granted, Has.Count.GreaterThan(5 * 25), "The budget is used.");
    }

    [Test]
    public async Task A_check_over_the_budget_waits_for_the_oldest_one_to_leave_the_window()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var budget = new SharedCheckBudget(BudgetFile, clock);
        for (var check = 0; check < 28; check++)
        {
            budget.AttemptAcquire().Dispose();
        }

        using var refused = budget.AttemptAcquire();
        Assert.That(refused.TryGetMetadata(MetadataName.RetryAfter, out var wait), Is.True);
        Assert.That(wait, Is.EqualTo(TimeSpan.FromSeconds(61)));
        var waiting = new SharedCheckBudget(BudgetFile, clock).AcquireAsync().AsTask();
        Assert.That(waiting.IsCompleted, Is.False);
        clock.Advance(wait);

        Assert.That((await waiting).IsAcquired, Is.True);
    }

    [Test]
    public void Times_of_a_clock_that_was_set_back_and_broken_lines_do_not_count()
    {
        File.WriteAllLines(
            BudgetFile,
            Enumerable.Repeat(
                DateTimeOffset.UtcNow.AddHours(1).UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture), 40).Append("63x"));

        using var lease = new SharedCheckBudget(BudgetFile, TimeProvider.System).AttemptAcquire();

        Assert.That(lease.IsAcquired, Is.True);
    }

    [Test]
    public void Process_uses_its_own_budget_without_a_usable_file()
    {
        File.WriteAllText(Path.Combine(_directory, "file"), string.Empty);
        var budget = new SharedCheckBudget(Path.Combine(_directory, "file", "checks"), TimeProvider.System);

        var granted = Enumerable.Range(0, 40).Count(_ => budget.AttemptAcquire().IsAcquired);

        Assert.That(granted, Is.EqualTo(30));
    }
}

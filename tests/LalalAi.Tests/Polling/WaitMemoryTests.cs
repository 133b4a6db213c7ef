namespace LalalAi.Tests.Polling;

/// <summary>What a wait costs in memory.</summary>
[NonParallelizable]
public sealed class WaitMemoryTests
{
    private const int Waits = 1000;

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_wait_allocates_less_than_three_kilobytes(bool withEverything)
    {
        var isAsked = new TaskCompletionSource();
        await using var client = new LalalAiClient(new LalalAiClientOptions
        {
            LicenseKey = "secret-key",
            CheckTransport = (_, cancellationToken) =>
            {
                isAsked.SetResult();
                return new TaskCompletionSource<IReadOnlyDictionary<TaskId, string>>().Task.WaitAsync(cancellationToken);
            },
        });
        using var cancellation = new CancellationTokenSource();
        var ids = PollingRig.Ids(Waits + 1);
        var progress = new SynchronousProgress<TaskState>(_ => { });
        var waits = new Task<TaskSucceeded>[Waits + 1];
        waits[Waits] = Begin(Waits);
        await PollingRig.Soon(isAsked.Task);

        // What begins a wait runs on this thread, so nothing that other tests leave behind is measured.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 0; number < Waits; number++)
        {
            waits[number] = Begin(number);
        }

        var perWait = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Waits;

        await TestContext.Out.WriteLineAsync(
            $"{perWait:F0} bytes a wait{(withEverything ? " with progress, timeout and cancellation" : string.Empty)}.");
        Assert.That(perWait, Is.InRange(100, 3000));
        GC.KeepAlive(waits);

        Task<TaskSucceeded> Begin(int number) => withEverything
            ? client.WaitAsync(ids[number], progress, TimeSpan.FromHours(1), cancellation.Token)
            : client.WaitAsync(ids[number]);
    }

    [Test]
    public async Task Waits_that_have_ended_cost_nothing()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        await RoundAsync(0);
        var before = SettledMemory();

        for (var round = 1; round <= 5; round++)
        {
            await RoundAsync(round);
        }

        var perWait = (SettledMemory() - before) / (double)(5 * Waits);
        await TestContext.Out.WriteLineAsync($"{perWait:F0} bytes a wait that has ended.");
        Assert.That(perWait, Is.LessThan(500));

        async Task RoundAsync(int round)
        {
            var numbers = Enumerable.Range(round * Waits, Waits);
            var waits = numbers.Select(number => rig.Wait(number, timeout: TimeSpan.FromHours(1))).ToList();
            await rig.AdvanceAsync(15);
            await Task.WhenAll(waits.Select(PollingRig.Soon));
            rig.Endpoint.Forget();
        }
    }

    /// <summary>The memory in use once what earlier tests left behind is gone, finalizers and all.</summary>
    private static long SettledMemory()
    {
        var last = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var now = GC.GetTotalMemory(forceFullCollection: true);
            if (Math.Abs(last - now) < 4096)
            {
                return now;
            }

            last = now;
        }

        return last;
    }
}

namespace LalalAi.Tests.Polling;

/// <summary>What a wait costs in memory.</summary>
public sealed class WaitMemoryTests
{
    private const int Waits = 1000;

    [TestCase(false)]
    [TestCase(true)]
    public async Task Wait_costs_less_than_three_kilobytes(bool withEverything)
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

        // What a wait allocates before it yields is an upper bound of what it keeps, and other threads do not count.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 0; number < Waits; number++)
        {
            waits[number] = Begin(number);
        }

        var perWait = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Waits;

        await TestContext.Out.WriteLineAsync(
            $"{perWait:F0} bytes a wait{(withEverything ? " with progress, timeout and cancellation" : string.Empty)}.");
        Assert.That(perWait, Is.InRange(100, 3000));

        Task<TaskSucceeded> Begin(int number) => withEverything
            ? client.WaitAsync(ids[number], progress, TimeSpan.FromHours(1), cancellation.Token)
            : client.WaitAsync(ids[number]);
    }

    [Test]
    public async Task Wait_that_has_ended_is_not_kept()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        var ended = await RoundAsync();

        await rig.AdvanceAsync(60);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // The runtime may keep a few in registers and caches.
        Assert.That(ended.Count(progress => progress.TryGetTarget(out _)), Is.LessThan(Waits / 10));

        async Task<List<WeakReference<IProgress<TaskState>>>> RoundAsync()
        {
            var progress = Enumerable.Range(0, Waits).Select(_ => new SynchronousProgress<TaskState>(_ => { })).ToList();
            var waits = progress.Select((each, number) => rig.Wait(number, each, TimeSpan.FromHours(1))).ToList();
            await rig.AdvanceAsync(15);
            await Task.WhenAll(waits.Select(PollingRig.Soon));
            List<WeakReference<IProgress<TaskState>>> references = [.. progress.Select(each => new WeakReference<IProgress<TaskState>>(each))];
            progress.Clear();
            waits.Clear();
            return references;
        }
    }
}

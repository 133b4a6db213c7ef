namespace LalalAi.Tests.Polling;

/// <summary>What a wait costs in memory.</summary>
public sealed class WaitMemoryTests
{
    private const int Waits = 1000;

    [TestCase(false)]
    [TestCase(true)]
    public async Task WaitAsync_allocates_less_than_three_kilobytes(bool withEverything)
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
        _ = Begin(Waits);
        await PollingRig.Soon(isAsked.Task);

        // Counts this thread only, not other work of the process. The allocated bytes are an upper bound of the kept bytes.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 0; number < Waits; number++)
        {
            _ = Begin(number);
        }

        var perWait = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Waits;

        await TestContext.Out.WriteLineAsync(
            $"{perWait:F0} bytes a wait{(withEverything ? " with progress, timeout and cancellation" : string.Empty)}.");
        Assert.That(perWait, Is.InRange(100, 3072));

        Task<TaskSucceeded> Begin(int number) => withEverything
            ? client.WaitAsync(ids[number], progress, TimeSpan.FromHours(1), cancellation.Token)
            : client.WaitAsync(ids[number]);
    }

    [Test]
    public async Task WaitAsync_keeps_nothing_of_waits_that_have_ended()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();

        var kept = await WaitAsync(rig);

        // A later wait replaces what the client keeps of its latest check.
        await rig.RunAsync(rig.Wait(Waits));
        // A thread that has just completed a wait may hold it for a moment.
        await TestLimit.UntilAsync(() =>
        {
            GC.Collect();
            return !kept.Exists(each => each.IsAlive);
        });
    }

    /// <summary>Waits for many tasks, and returns what only the client can keep alive.</summary>
    private static async Task<List<WeakReference>> WaitAsync(PollingRig rig)
    {
        var progress = Enumerable.Range(0, Waits).Select(_ => new SynchronousProgress<TaskState>(_ => { })).ToList();
        var waits = progress.Select((each, number) => rig.Wait(number, each, TimeSpan.FromHours(1))).ToList();
        await rig.RunAsync(Task.WhenAll(waits));
        return [.. progress.Cast<object>().Concat(waits).Select(each => new WeakReference(each))];
    }
}

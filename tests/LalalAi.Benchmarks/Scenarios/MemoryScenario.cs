using System.Globalization;

namespace LalalAi.Benchmarks.Scenarios;

/// <summary>How far managed memory grows during an upload of 10 GB.</summary>
internal static class MemoryScenario
{
    private const long Size = 10_000_000_000;
    private const int SizeInMemory = 1_000_000_000;
    private const double TargetMegabytes = 32;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        await using var server = new CannedServer(
            """{"id":"3f0c6a1e-7b52-4d8f-9a64-c1e85d20b7f3","name":"a.mp3","size":10000000000,"duration":1,"expires":1999999999}""");
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = server.BaseAddress, LicenseKey = "key" });
        await client.UploadAsync(new SyntheticStream(1_000_000), "warm-up.mp3");
        var streamed = await GrowthAsync(progress => client.UploadAsync(new SyntheticStream(Size), "a.mp3", progress: progress));
        var inMemory = await GrowthAsync(progress => client.UploadAsync(new byte[SizeInMemory], "a.mp3", progress: progress));
        return
        [
            new Measurement(
                "memory of a 10 GB upload",
                string.Create(CultureInfo.InvariantCulture, $"{streamed:0.000} MB of growth"),
                string.Create(CultureInfo.InvariantCulture, $"{SizeInMemory / 1_000_000_000} GB from an array: {inMemory:0} MB"),
                string.Create(CultureInfo.InvariantCulture, $"{streamed / inMemory:0.0000}"),
                "under 32 MB",
                streamed < TargetMegabytes),
        ];
    }

    private static async Task<double> GrowthAsync(Func<IProgress<TransferProgress>, Task> upload)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = before;
        await upload(new Observer(() => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false))));
        return (most - before) / 1e6;
    }

    private sealed class Observer(Action observe) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => observe();
    }
}

using System.Globalization;

namespace LalalAi.Benchmarks.Scenarios;

/// <summary>How far managed memory grows during an upload of 10 GB.</summary>
internal static class MemoryScenario
{
    private const long Size = 10_000_000_000;
    private const double TargetMegabytes = 32;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        await using var server = new CannedServer("""{"id":"3f0c6a1e-7b52-4d8f-9a64-c1e85d20b7f3","name":"a.mp3","size":10000000000,"duration":1,"expires":1999999999}""");
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = server.BaseAddress, LicenseKey = "key" });
        await client.UploadAsync(new SyntheticStream(1_000_000), "warm-up.mp3");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = before;
        await client.UploadAsync(new SyntheticStream(Size), "a.mp3", progress: new Observer(() => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false))));
        var growth = (most - before) / 1e6;
        return
        [
            new Measurement("memory of a 10 GB upload", string.Create(CultureInfo.InvariantCulture, $"{growth:0.0} MB of growth"), "all of it in memory: 10,000 MB", string.Create(CultureInfo.InvariantCulture, $"{growth / (Size / 1e6):0.0000}"), "under 32 MB", growth < TargetMegabytes),
        ];
    }

    private sealed class Observer(Action observe) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => observe();
    }
}

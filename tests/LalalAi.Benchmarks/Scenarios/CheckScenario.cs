using System.Diagnostics;
using System.Globalization;
using LalalAi.Sandbox;

namespace LalalAi.Benchmarks.Scenarios;

/// <summary>
/// Requests for the states of many tasks that end over a minute, and how soon their ends are noticed, compared with a check of each task
/// every 5 seconds.
/// </summary>
internal static class CheckScenario
{
    private const int SecondsToEnd = 60;
    private const int MostChecksPerMinute = 30;

    private static readonly TimeSpan NaiveInterval = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var measurements = new List<Measurement>();
        foreach (var count in new[] { 1, 10, 200, 1000, 5000 })
        {
            measurements.Add(await RunAsync(count));
        }

        return measurements;
    }

    private static async Task<Measurement> RunAsync(int count)
    {
        await using var sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { MinutesPerLicense = 1e9, UndecodableContent = UndecodableContent.PassThrough });
        await using var client = new LalalAiClient(
            new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = sandbox.LicenseKey });

        // 160,000 bytes that are not media take a second.
        var sources = new List<SourceId>();
        for (var source = 1; source <= Math.Min(count, SecondsToEnd); source++)
        {
            var seconds = source * SecondsToEnd / Math.Min(count, SecondsToEnd);
            sources.Add((await client.UploadAsync(new SyntheticStream(seconds * 160_000L), $"{source}.mp3")).Id);
        }

        var delays = await Task.WhenAll(Enumerable.Range(0, count).Select(async number =>
        {
            var seconds = (((number % sources.Count) + 1) * SecondsToEnd / sources.Count) + 2;
            var task = await client.StartAsync(sources[number % sources.Count], new DemuserPresets());
            var started = Stopwatch.GetTimestamp();
            await client.WaitAsync(task);
            return Stopwatch.GetElapsedTime(started).TotalSeconds - seconds;
        }));

        var report = sandbox.GetReport();
        var naive = count * (60 / NaiveInterval.TotalSeconds);
        return new Measurement(
            string.Create(CultureInfo.InvariantCulture, $"{count} tasks that end over a minute"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.ChecksInBusiestMinute} checks in the busiest minute, {report.ChecksRejected} rejected; "
                    + $"noticed after {delays.Average():0.0} s, at most {delays.Max():0.0} s"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"one task a check every 5 s: {naive:0} checks a minute, noticed after 2.5 s if none were rejected"),
            string.Create(CultureInfo.InvariantCulture, $"{report.ChecksInBusiestMinute / naive:0.0000}"),
            "at most 30 a minute, none rejected",
            report.ChecksInBusiestMinute <= MostChecksPerMinute && report.ChecksRejected == 0);
    }
}

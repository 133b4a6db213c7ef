using System.Globalization;
using LalalAi.Sandbox;

namespace Samples.Tests;

/// <summary>Workers that are killed again and again, each at a random request. LALALAI_KILLS sets how often; 3 by default.</summary>
internal static class KillSeries
{
    private const int Seed = 20_261_126;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("LALALAI_KILLS") ?? "3", CultureInfo.InvariantCulture);

    /// <summary>How many songs there are to split: enough for every kill to interrupt some.</summary>
    public static int Songs { get; } = 4 * (Kills + 1);

    /// <summary>Starts and kills workers, and lets the last one finish.</summary>
    public static async Task RunAsync(
        SandboxServer sandbox, Func<TestProcess> start, Func<bool> isFinished, CancellationToken cancellationToken)
    {
        TestContext.Out.WriteLine($"Seed {Seed}");
        var random = new Random(Seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var killed = start();
            var request = sandbox.GetReport().Requests + random.Next(1, 30);
            await TestLimit.UntilAsync(() => sandbox.GetReport().Requests >= request || isFinished(), cancellationToken);
            await killed.KillAsync();
        }

        await using var worker = start();
        await TestLimit.UntilAsync(isFinished, cancellationToken);
    }

    public static Task ReportAsync(int done, UsageReport report) => TestContext.Out.WriteLineAsync(
        $"{Kills} kills, {Songs} songs: {done} done, {Songs - done} lost, {report.Uploads} uploads, {report.Starts} starts, "
            + $"{report.StartsRepeated} repeated.");
}

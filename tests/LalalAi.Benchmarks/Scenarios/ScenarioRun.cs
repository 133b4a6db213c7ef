using System.Globalization;
using System.Runtime.InteropServices;

namespace LalalAi.Benchmarks.Scenarios;

/// <summary>
/// Runs scenarios one after another and prints a line for each: what was measured, against what, and whether the target is met.
/// </summary>
internal static class ScenarioRun
{
    private static readonly (string Name, Func<Task<IReadOnlyList<Measurement>>> Run)[] All =
    [
        ("upload", TransferScenarios.UploadAsync),
        ("download", TransferScenarios.DownloadAsync),
        ("memory", MemoryScenario.RunAsync),
        ("checks", CheckScenario.RunAsync),
        ("order", OrderScenario.RunAsync),
        ("cluster", ClusterScenario.RunAsync),
        ("pipeline", PipelineScenario.RunAsync),
        ("dashboard", DashboardScenario.RunAsync),
    ];

    /// <returns>The exit code: 0 when every target is met, 1 when one is missed, 2 for a scenario that does not exist.</returns>
    public static async Task<int> RunAsync(string[] names)
    {
        if (names.Except(All.Select(scenario => scenario.Name)).FirstOrDefault() is { } unknown)
        {
            await Console.Error.WriteLineAsync(
                $"There is no scenario '{unknown}'. There are {string.Join(", ", All.Select(scenario => scenario.Name))}.");
            return 2;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTimeOffset.UtcNow:yyyy-MM-dd}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, "
                + $"{Environment.ProcessorCount} processors"));
        Console.WriteLine();
        Console.WriteLine("| scenario | this client | compared with | ratio | target | |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var met = true;
        foreach (var scenario in All.Where(scenario => names.Length == 0 || names.Contains(scenario.Name)))
        {
            foreach (var measurement in await scenario.Run())
            {
                Console.WriteLine(measurement);
                met &= measurement.IsMet;
            }
        }

        return met ? 0 : 1;
    }
}

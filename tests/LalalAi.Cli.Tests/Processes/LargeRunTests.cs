using System.Diagnostics.Metrics;
using System.Globalization;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>A thousand files. Each run takes about half a minute.</summary>
[Category("Large")]
public sealed class LargeRunTests : ServiceFixture
{
    private const int Files = 1000;
    private const int ChecksPerMinute = 30;
    private const long MostBytes = 150_000_000;

    private string Songs => Path.Combine(Root, "songs");

    // As slow as the service in the queue, and as strict.
    protected override SandboxOptions Options => new() { ChecksPerMinute = ChecksPerMinute };

    [SetUp]
    public void Write_songs() => SongFolder.Write(Songs, Files);

    [Test]
    [CancelAfter(300_000)]
    [Platform("Linux", Reason = "It reads what /proc tells of a process.")]
    public async Task A_thousand_files_take_less_than_150_megabytes(CancellationToken cancellationToken)
    {
        using var process = CliProcess.Start(Sandbox, "split", Songs, "-o", Output, "--json");
        var peak = 0L;
        var lines = 0;
        while (await process.Data.ReadLineAsync(cancellationToken) is { } line)
        {
            if (++lines % 100 == 0 || line.Contains("\"summary\"", StringComparison.Ordinal))
            {
                peak = Math.Max(peak, PeakBytes(process.Id));
            }
        }

        await process.EndAsync(cancellationToken);
        TestContext.Out.WriteLine($"Peak: {peak / 1e6:0} MB");

        Assert.That(process.ExitCode, Is.Zero, await process.Messages);
        SongFolder.AssertSplit(Songs, Output);
        Assert.That(peak, Is.InRange(1, MostBytes));
    }

    [Test]
    [CancelAfter(300_000)]
    public async Task A_thousand_tasks_cost_no_more_checks_than_the_service_allows_and_none_is_refused(CancellationToken cancellationToken)
    {
        var checks = new List<long>();
        var repetitions = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name is "lalalai.client.checks" or "lalalai.client.repetitions")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            lock (checks)
            {
                if (instrument.Name == "lalalai.client.checks")
                {
                    checks.Add(Environment.TickCount64);
                }
                else
                {
                    repetitions += value;
                }
            }
        });
        listener.Start();

        var run = await CommandRun.StartAsync(["split", Songs, "-o", Output, "--in-flight", $"{Files}"], cancellationToken);

        var busiest = checks.Max(start => checks.Count(time => time >= start && time < start + 60_000));
        TestContext.Out.WriteLine($"Checks: {checks.Count}, in the busiest minute {busiest}");
        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(busiest, Is.LessThanOrEqualTo(ChecksPerMinute));
        Assert.That(repetitions, Is.Zero, "The sandbox, as strict as the service, refused nothing.");
    }

    private static long PeakBytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}

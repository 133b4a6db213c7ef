using System.Globalization;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>A thousand files. A run takes less than half a minute.</summary>
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
    public async Task A_thousand_files_take_less_than_150_megabytes_and_no_more_checks_than_the_service_allows(CancellationToken cancellationToken)
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
        var conduct = Sandbox.GetReport();
        TestContext.Out.WriteLine($"Peak: {peak / 1e6:0} MB. Checks: {conduct.Checks}, in the busiest minute {conduct.ChecksInBusiestMinute}.");

        Assert.That(process.ExitCode, Is.Zero, await process.Messages);
        SongFolder.AssertSplit(Songs, Output);
        Assert.That(peak, Is.InRange(1, MostBytes));
        Assert.That((conduct.Starts, conduct.Uploads, conduct.ChecksRefused), Is.EqualTo((Files, Files, 0)));
        Assert.That(conduct.ChecksInBusiestMinute, Is.LessThanOrEqualTo(ChecksPerMinute));
    }

    private static long PeakBytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}

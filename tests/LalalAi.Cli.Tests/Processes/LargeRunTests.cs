using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>A thousand files. A run takes less than half a minute.</summary>
[Category("Slow")]
public sealed class LargeRunTests : SandboxFixture
{
    private const int Files = 1000;
    private const int ChecksPerMinute = 30;

    private string Songs => Path.Combine(Root, "songs");

    // As slow as the service in the queue, and as strict.
    protected override SandboxOptions Options => new() { ChecksPerMinute = ChecksPerMinute };

    [SetUp]
    public void Write_songs() => SongFolder.Write(Songs, Files);

    [Test]
    [CancelAfter(300_000)]
    public async Task A_run_over_a_thousand_files_stays_within_the_check_limit(CancellationToken cancellationToken)
    {
        using var process = CliProcess.Start(Sandbox, "split", Songs, "-o", Output, "--json");
        await process.EndAsync(cancellationToken);
        var conduct = Sandbox.GetReport();

        Assert.That(process.ExitCode, Is.Zero, await process.Messages);
        SongFolder.AssertSplit(Songs, Output);
        Assert.That((conduct.Starts, conduct.Uploads, conduct.ChecksRejected), Is.EqualTo((Files, Files, 0)));
        Assert.That(conduct.ChecksInBusiestMinute, Is.LessThanOrEqualTo(ChecksPerMinute));
    }
}

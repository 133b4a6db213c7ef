using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>A run that is killed repeatedly, and restarted each time.</summary>
[Category("Slow")]
public sealed class KillTests
{
    private const int Files = 200;
    private const int Kills = 20;
    private const int Uploads = 3;

    private string _directory = null!;

    private string Songs => Path.Combine(_directory, "songs");

    private string Output => Path.Combine(_directory, "out");

    [SetUp]
    public void Make_a_folder_of_songs()
    {
        _directory = Directory.CreateTempSubdirectory("lalalai-kill").FullName;
        SongFolder.Write(Songs, Files);
    }

    [TearDown]
    public void Remove_it() => Directory.Delete(_directory, recursive: true);

    [TestCase(20260101)]
    [CancelAfter(240_000)]
    public async Task Two_hundred_files_and_twenty_kills_lose_nothing_and_pay_for_nothing_twice(
        int seed,
        CancellationToken cancellationToken)
    {
        var clock = new PausableClock();
        var options = new SandboxOptions { TimeProvider = clock, Speed = 0.5, ChecksPerMinute = null };
        await using var sandbox = await SandboxServer.StartAsync(options, cancellationToken);
        var random = new Random(seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            await RunAndKillAsync(sandbox, clock, random.Next(1, 60), cancellationToken);
        }

        using var last = Start(sandbox);
        clock.Resume();
        await last.EndAsync(cancellationToken);

        Assert.That(last.ExitCode, Is.Zero, await last.Messages);
        SongFolder.AssertSplit(Songs, Output);
        AssertPaidOnce(sandbox.GetReport());
    }

    private CliProcess Start(SandboxServer sandbox) =>
        CliProcess.Start(sandbox, "split", Songs, "-o", Output, "--json", "--uploads", $"{Uploads}");

    /// <summary>Runs until a number of events has come, which is at another moment each time.</summary>
    private async Task RunAndKillAsync(SandboxServer sandbox, PausableClock clock, int events, CancellationToken cancellationToken)
    {
        using var process = Start(sandbox);
        for (var seen = 0; seen < events && await process.ReadLineAsync(cancellationToken) is { } line; seen += IsProgress(line) ? 0 : 1)
        {
            clock.Resume();
        }

        await process.KillAsync(cancellationToken);
        clock.Pause();
    }

    private static bool IsProgress(string line) => (string?)JObject.Parse(line)["event"] is "progress" or "total";

    private void AssertPaidOnce(UsageReport conduct)
    {
        var sources = JournalFile.Entries(Output, "source").Select(entry => (string?)entry["sha256"]).ToList();
        var tasks = JournalFile.Entries(Output, "started").Select(entry => (string?)entry["task_id"]).ToList();

        Assert.Multiple(() =>
        {
            Assert.That((conduct.Starts, conduct.StartsRepeated, conduct.StartsWithoutIdempotencyKey), Is.EqualTo((Files, 0, 0)));
            Assert.That(tasks, Is.Unique.And.Count.EqualTo(Files));
            Assert.That(sources, Is.Unique.And.Count.EqualTo(Files), "What the journal knew was not uploaded again.");
            Assert.That(
                conduct.Uploads,
                Is.InRange(Files, Files + (Kills * Uploads)),
                "Only what was being uploaded at a kill was uploaded again.");
            Assert.That(conduct.LicenseKeysMisplaced, Is.Zero);
        });
    }
}

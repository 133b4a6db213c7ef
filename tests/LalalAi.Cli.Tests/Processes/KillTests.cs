using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>A run that is killed again and again, and started again each time.</summary>
public sealed class KillTests
{
    private const int Files = 200;
    private const int Kills = 20;
    private const int Uploads = 3;

    private string _directory = null!;

    private string Songs => Path.Combine(_directory, "songs");

    private string Output => Path.Combine(_directory, "out");

    private string Service => Path.Combine(_directory, "service");

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
    public async Task Two_hundred_files_and_twenty_kills_lose_nothing_and_pay_for_nothing_twice(int seed, CancellationToken cancellationToken)
    {
        var clock = new PausableClock();
        var options = new SandboxOptions { TimeProvider = clock, Speed = 0.5, StateDirectory = Service, ChecksPerMinute = null };
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
        await AssertPaidOnceAsync(sandbox, cancellationToken);
    }

    private CliProcess Start(SandboxServer sandbox) => CliProcess.Start(sandbox, "split", Songs, "-o", Output, "--json", "--uploads", $"{Uploads}");

    /// <summary>Runs until a number of events has come, which is at another moment each time.</summary>
    private async Task RunAndKillAsync(SandboxServer sandbox, PausableClock clock, int events, CancellationToken cancellationToken)
    {
        using var process = Start(sandbox);
        for (var seen = 0; seen < events && await process.Data.ReadLineAsync(cancellationToken) is not null; seen++)
        {
            clock.Resume();
        }

        await process.KillAsync(cancellationToken);
        clock.Pause();
    }

    private async Task AssertPaidOnceAsync(SandboxServer sandbox, CancellationToken cancellationToken)
    {
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = sandbox.LicenseKey });
        var spent = 600 - await client.GetMinutesLeftAsync(cancellationToken);
        var sources = JournalFile.Entries(Output, "source").Select(entry => (string?)entry["sha256"]).ToList();
        var tasks = JournalFile.Entries(Output, "started").Select(entry => (string?)entry["task_id"]).ToList();
        var uploads = Directory.GetFiles(Service, "source-*").Length;

        Assert.Multiple(() =>
        {
            // Each song is charged as a second.
            Assert.That(spent * 60, Is.EqualTo(Files).Within(0.01), "The ledger counts one start for each file.");
            Assert.That(tasks, Is.Unique.And.Count.EqualTo(Files));
            Assert.That(sources, Is.Unique.And.Count.EqualTo(Files), "What the journal knew was not uploaded again.");
            Assert.That(uploads, Is.InRange(Files, Files + (Kills * Uploads)), "Only what was being uploaded at a kill was uploaded again.");
        });
    }
}

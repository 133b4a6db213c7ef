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

    // At the speed of the sandbox below. All advances together are shorter than the lifetime of the sources.
    private static readonly TimeSpan QueueTime = TimeSpan.FromMinutes(40);

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
        var options = new SandboxOptions { Speed = 0.001, ChecksPerMinute = null };
        await using var sandbox = await SandboxServer.StartAsync(options, cancellationToken);
        var random = new Random(seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = await RunAsync(sandbox, events: random.Next(1, 60), cancellationToken);
            await process.KillAsync(cancellationToken);
            // A start whose response is lost is free only while its task is queued.
            if (Jobs("starting").SetEquals(Jobs("started")))
            {
                sandbox.Advance(QueueTime);
            }
        }

        using var last = await RunAsync(sandbox, events: int.MaxValue, cancellationToken);

        Assert.That(last.ExitCode, Is.Zero, await last.Messages);
        SongFolder.AssertSplit(Songs, Output);
        AssertPaidOnce(sandbox.GetReport());
    }

    /// <summary>Starts a run, and returns after a number of its events. Tasks leave the queue when all are started.</summary>
    private async Task<CliProcess> RunAsync(SandboxServer sandbox, int events, CancellationToken cancellationToken)
    {
        var missing = Files - Jobs("started").Count;
        var process = CliProcess.Start(sandbox, "split", Songs, "-o", Output, "--json", "--uploads", $"{Uploads}");
        for (var seen = 0; seen < events && await process.ReadLineAsync(cancellationToken) is { } line;)
        {
            var name = (string?)JObject.Parse(line)["event"];
            seen += name is "progress" or "total" ? 0 : 1;
            if (name == "started" && --missing == 0)
            {
                sandbox.Advance(QueueTime);
            }
        }

        return process;
    }

    /// <summary>Returns the numbers of the jobs that have an entry of a type.</summary>
    private HashSet<int> Jobs(string type) =>
        File.Exists(JournalFile.PathIn(Output)) ? [.. JournalFile.Entries(Output, type).Select(entry => (int)entry["job"]!)] : [];

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

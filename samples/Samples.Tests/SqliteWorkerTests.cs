using LalalAi.Sandbox;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SqliteWorker;

namespace Samples.Tests;

[CancelAfter(300_000)]
public sealed class SqliteWorkerTests
{
    private static readonly TimeSpan UntilFinished = TimeSpan.FromHours(1);
    private static readonly SandboxOptions Queued = new() { Speed = 0.001 };
    private static readonly SandboxOptions Immediate = new() { Speed = double.PositiveInfinity, ChecksPerMinute = null };

    private SongFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new SongFolder();

    [TearDown]
    public void DeleteFolder()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [TestCase("Uploading")]
    [TestCase("Starting")]
    [TestCase("Processing")]
    [TestCase("Downloading")]
    public async Task Worker_takes_over_a_song_whose_worker_was_killed_while(string phase, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(Queued, cancellationToken);
        Table().Add([_folder.AddSong("song.wav")]);
        await using (var killed = Start(sandbox))
        {
            if (phase == "Downloading")
            {
                await killed.ReadLineAsync("song.wav: Processing", cancellationToken);
                sandbox.Advance(UntilFinished);
            }

            await killed.ReadLineAsync($"song.wav: {phase}", cancellationToken);
            await killed.KillAsync();
        }

        Execute("UPDATE jobs SET lease_expires = 0");
        await using var worker = Start(sandbox);
        await worker.ReadLineAsync("song.wav: Processing", cancellationToken);
        sandbox.Advance(UntilFinished);
        await worker.ReadLineAsync("song.wav is done.", cancellationToken);

        var report = sandbox.GetReport();
        Assert.That((report.Starts, report.StartsRepeated), Is.EqualTo((1, 0)));
        Assert.That(_folder.Files("*_split_by_lalalai.wav"), Has.Exactly(2).Items);
    }

    [Test]
    public async Task Workers_that_are_killed_repeatedly_start_no_song_twice(CancellationToken cancellationToken)
    {
        Table().Add(Enumerable.Range(0, KillSeries.Songs).Select(song => _folder.AddSong($"{song}.wav")));
        await using var sandbox = await SandboxServer.StartAsync(Immediate, cancellationToken);
        TestProcess StartWorker() => Start(sandbox, "--Jobs:Lease=00:00:02");
        await using (StartWorker())
        {
            await KillSeries.RunAsync(sandbox, StartWorker, () => Count("status <> 'waiting'") == KillSeries.Songs, cancellationToken);
        }

        // A start that is in flight at the kill can be lost. It is reported, and never paid for again.
        var report = sandbox.GetReport();
        var done = Count("status = 'done'");
        Assert.That((report.Starts, report.StartsRepeated), Is.EqualTo((KillSeries.Songs, 0)));
        Assert.That(Count("status = 'failed' AND error LIKE '%its ID was not stored%'"), Is.EqualTo(KillSeries.Songs - done));
        Assert.That(_folder.Files("*_split_by_lalalai.wav"), Has.Exactly(2 * done).Items);
        await KillSeries.ReportAsync(done, report);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no signal that interrupts another process.")]
    public async Task Worker_returns_its_songs_to_the_table_when_it_is_stopped(CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(Queued, cancellationToken);
        Table().Add([_folder.AddSong("song.wav")]);
        await using var worker = Start(sandbox);
        await worker.ReadLineAsync("song.wav: Processing", cancellationToken);
        await worker.SignalAsync("INT");

        Assert.That(await worker.ExitAsync(cancellationToken), Is.Zero, worker.Output);
        Assert.That(Count("owner IS NULL AND lease_expires = 0 AND checkpoint IS NOT NULL"), Is.EqualTo(1));
    }

    [Test]
    public void Claim_returns_each_song_to_one_worker()
    {
        Table().Add(["a.wav", "b.wav", "a.wav"]);

        Assert.That(new[] { Table().Claim()?.Id, Table().Claim()?.Id, Table().Claim()?.Id }, Is.EqualTo(new long?[] { 1, 2, null }));
    }

    [Test]
    public void SaveCheckpointAsync_throws_when_another_worker_has_claimed_the_song()
    {
        Table().Add(["a.wav"]);
        var first = Table().Claim()!;
        Execute("UPDATE jobs SET lease_expires = 0");
        var second = Table().Claim()!;
        var checkpoint = new LalalAi.JobCheckpoint { Presets = new LalalAi.DemuserPresets() };

        Assert.That(() => first.SaveCheckpointAsync(checkpoint), Throws.InvalidOperationException);
        Assert.That(() => second.SaveCheckpointAsync(checkpoint), Throws.Nothing);
        Assert.That(Table().Renew(first), Is.False);
    }

    [Test]
    public void SharedCheckLimiter_counts_the_checks_of_all_workers()
    {
        using var first = new SharedCheckLimiter(Table());
        using var second = new SharedCheckLimiter(Table());

        var acquired = Enumerable.Range(0, 40).Count(check => (check % 2 == 0 ? first : second).AttemptAcquire().IsAcquired);

        Assert.That(acquired, Is.EqualTo(30));
    }

    private JobTable Table() => new(Options.Create(new JobOptions { Database = Path.Combine(_folder.Path, "jobs.db") }));

    private TestProcess Start(SandboxServer sandbox, params string[] settings) => SampleProcess.Start(
        "SqliteWorker",
        sandbox,
        [
            $"--Jobs:Database={Path.Combine(_folder.Path, "jobs.db")}",
            $"--Jobs:Output={Path.Combine(_folder.Path, "out")}",
            "--Jobs:ChecksPerMinute=1000000",
            .. settings,
        ]);

    private int Count(string condition) => (int)(long)Execute($"SELECT COUNT(*) FROM jobs WHERE {condition}")!;

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "jobs.db")}");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }
}

using System.Text.Json;
using LalalAi;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace SqliteWorker;

/// <summary>
/// A table of jobs that several processes share. A job belongs to its last claim. Every change of a row is conditional on the claim
/// (compare-and-swap), so a worker whose lease has expired cannot change the row any more.
/// </summary>
internal sealed class JobTable
{
    private readonly string _connection;
    private readonly JobOptions _options;

    public JobTable(IOptions<JobOptions> options)
    {
        _options = options.Value;
        _connection = new SqliteConnectionStringBuilder { DataSource = _options.Database }.ToString();
        Execute("""
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS jobs (
                id INTEGER PRIMARY KEY,
                song TEXT NOT NULL UNIQUE,
                status TEXT NOT NULL DEFAULT 'waiting',     -- waiting, done or failed
                checkpoint TEXT,                            -- a JobCheckpoint as JSON
                owner TEXT,                                 -- the last claim
                lease_expires INTEGER NOT NULL DEFAULT 0,   -- Unix time in milliseconds
                error TEXT);
            CREATE TABLE IF NOT EXISTS checks (sent INTEGER NOT NULL);
            """);
    }

    private long LeaseEnd => Now + (long)_options.Lease.TotalMilliseconds;

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Adds songs that are not in the table yet.</summary>
    public void Add(IEnumerable<string> songs)
    {
        foreach (var song in songs)
        {
            Execute("INSERT OR IGNORE INTO jobs (song) VALUES ($song)", ("$song", Path.GetFullPath(song)));
        }
    }

    /// <summary>Claims a job that no worker has, or whose worker has stopped renewing its lease.</summary>
    public Job? Claim()
    {
        const string Sql = """
            UPDATE jobs SET owner = $owner, lease_expires = $end
            WHERE id = (SELECT id FROM jobs WHERE status = 'waiting' AND lease_expires < $now ORDER BY id LIMIT 1)
            RETURNING id, song, checkpoint
            """;
        var owner = Guid.NewGuid().ToString();
        using var connection = Open();
        using var command = Command(connection, Sql, ("$owner", owner), ("$end", LeaseEnd), ("$now", Now));
        using var row = command.ExecuteReader();
        return row.Read()
            ? new Job(this, row.GetInt64(0), row.GetString(1), owner, row.IsDBNull(2) ? null : Parse(row.GetString(2)))
            : null;
    }

    /// <summary>Renews the lease of a job. Returns whether this worker still has it.</summary>
    public bool Renew(Job job) => Update(job, "lease_expires = $end", ("$end", LeaseEnd));

    /// <summary>Stores a checkpoint and renews the lease.</summary>
    /// <exception cref="InvalidOperationException">Another worker has the job. Nothing that costs minutes may follow.</exception>
    public void Save(Job job, JobCheckpoint checkpoint)
    {
        var json = JsonSerializer.Serialize(checkpoint);
        if (!Update(job, "checkpoint = $checkpoint, lease_expires = $end", ("$checkpoint", json), ("$end", LeaseEnd)))
        {
            throw new InvalidOperationException($"The lease on '{job.Song}' has expired, and another worker has taken over the job.");
        }
    }

    /// <summary>Ends a job as done or failed.</summary>
    public void Finish(Job job, string status, string? error = null) =>
        Update(job, "status = $status, error = $error, owner = NULL", ("$status", status), ("$error", error));

    /// <summary>Returns a job to the table, for any worker to resume.</summary>
    public void Release(Job job) => Update(job, "owner = NULL, lease_expires = 0");

    /// <summary>Counts a check if the budget that all workers share allows it.</summary>
    public bool TryCountCheck()
    {
        Execute("DELETE FROM checks WHERE sent <= $start", ("$start", Now - 60_000));
        const string Sql = "INSERT INTO checks SELECT $now WHERE (SELECT COUNT(*) FROM checks) < $limit";
        return Execute(Sql, ("$now", Now), ("$limit", _options.ChecksPerMinute)) == 1;
    }

    private static JobCheckpoint? Parse(string checkpoint) => JsonSerializer.Deserialize<JobCheckpoint>(checkpoint);

    private bool Update(Job job, string changes, params (string Name, object? Value)[] parameters)
    {
        var sql = $"UPDATE jobs SET {changes} WHERE id = $id AND owner = $owner";
        return Execute(sql, [.. parameters, ("$id", job.Id), ("$owner", job.Owner)]) == 1;
    }

    private int Execute(string sql, params (string Name, object? Value)[] parameters)
    {
        using var connection = Open();
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = new SqliteCommand(sql, connection);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}

namespace SqliteWorker;

/// <summary>The table, where the tracks go, and how much one worker does.</summary>
internal sealed class JobOptions
{
    public string Database { get; set; } = "jobs.db";

    public string Output { get; set; } = "tracks";

    /// <summary>The jobs that one worker runs at the same time.</summary>
    public int Parallel { get; set; } = 4;

    /// <summary>How long a job belongs to a worker that does not renew its lease. Workers renew it three times in this time.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The checks that all workers together may send in any 60 seconds.</summary>
    public int ChecksPerMinute { get; set; } = 30;
}

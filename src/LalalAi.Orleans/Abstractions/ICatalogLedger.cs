namespace LalalAi.Cluster;

/// <summary>The calls of jobs to their catalog.</summary>
internal interface ICatalogLedger : IGrainWithStringKey
{
    /// <summary>Reserves the price of a job, once, before its start. A start that may have been sent already is only recorded.</summary>
    Task<Reservation> ReserveAsync(string job, double? minutes, bool isStarted);

    /// <summary>Records the result of a job. Returns when it is stored.</summary>
    Task CompleteAsync(JobStatus status);

    /// <summary>Pauses the catalog, because no job can succeed now.</summary>
    Task PauseAsync(string reason);

    /// <summary>Adds an ended job again, after its former result. One that resumes a task runs even while the catalog is paused.</summary>
    Task ReopenAsync(JobStatus former, bool hasTask);
}

/// <summary>Whether a job may start.</summary>
internal enum Reservation
{
    Granted,
    Paused,
    PriceUnknown,
}

namespace LalalAi.Cluster;

/// <summary>What a catalog asks of its jobs.</summary>
internal interface IJobRunner : IGrainWithStringKey
{
    /// <summary>Runs the job, unless it is running or has ended, and returns at once how far it is.</summary>
    Task<JobStatus> RunAsync(JobRequest request);

    /// <summary>Ends the job, and cancels its task if there is one.</summary>
    Task<JobStatus> CancelAsync(JobRequest request);
}

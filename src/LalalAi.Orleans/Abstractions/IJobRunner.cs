namespace LalalAi.Cluster;

/// <summary>The calls of a catalog to its jobs.</summary>
internal interface IJobRunner : IGrainWithStringKey
{
    /// <summary>Runs the job, unless it is running or has ended, and immediately returns its status.</summary>
    Task<JobStatus> RunAsync(JobRequest request);

    /// <summary>Ends the job, and cancels its task if there is one.</summary>
    Task<JobStatus> CancelAsync(JobRequest request);
}

namespace LalalAi;

/// <summary>
/// A job of the cluster: it runs one task on one recording and stores the tracks. Get it with
/// <see cref="LalalAiGrainFactoryExtensions.GetJob"/>. Its state is stored before and after each important step, so it survives crashes
/// and pays for its task once.
/// </summary>
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the job as a part of its catalog. A job that was started before is not started again, so the call can be retried.
    /// </summary>
    /// <param name="request">The recording and the presets. The name of the job is the name of the grain.</param>
    /// <param name="cancellationToken">Cancels the call, not the job.</param>
    Task StartAsync(JobRequest request, CancellationToken cancellationToken = default);

    /// <summary>Returns the status of the job.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<JobStatus> CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts a job again that failed or is lost. If its task is found and did not fail, the job resumes, and costs nothing. Otherwise it
    /// <b>pays again</b>, with a new idempotency key: for a lost job, the first task was charged already.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call, not the job.</param>
    /// <exception cref="InvalidOperationException">
    /// The job is in progress, done, canceled or not known, or its catalog was canceled.
    /// </exception>
    /// <exception cref="OrleansException">The task could not be checked. Nothing was started.</exception>
    Task StartAgainAsync(CancellationToken cancellationToken = default);
}

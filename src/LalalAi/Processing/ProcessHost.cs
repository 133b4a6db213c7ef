namespace LalalAi;

/// <summary>
/// Stores the checkpoints of a job, and decides when its phases may begin. Derive from it to make jobs survive a crash, to limit
/// transfers or minutes across many jobs, or to refuse a start.
/// </summary>
public abstract class ProcessHost
{
    /// <summary>
    /// Stores the checkpoint. The job awaits this method after the upload, before and after the start, after each track, and at the end.
    /// The start is sent only after this method returns, so the store always contains the key of a task that may be running. If it throws,
    /// the job fails with <see cref="LalalAiProcessException"/>.
    /// </summary>
    /// <param name="checkpoint">The progress of the job.</param>
    /// <param name="cancellationToken">Cancels the call. It is never canceled once the start was sent.</param>
    public abstract Task SaveCheckpointAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until a phase may begin. Throw to refuse it: a refused <see cref="ProcessPhase.Starting"/> costs nothing. Returns immediately
    /// by default.
    /// </summary>
    /// <param name="phase">The phase.</param>
    /// <param name="checkpoint">The progress of the job.</param>
    /// <param name="cancellationToken">Canceled with the job.</param>
    /// <returns>An object that the job disposes at the end of the phase, for example to release a semaphore, or
    /// <see langword="null"/>.</returns>
    public virtual Task<IDisposable?> EnterPhaseAsync(
        ProcessPhase phase, JobCheckpoint checkpoint, CancellationToken cancellationToken = default) =>
        Task.FromResult<IDisposable?>(null);

    /// <summary>
    /// Returns the file name of a track, and what to do if the file exists. The job's <see cref="ProcessOptions.Download"/> by default.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="index">The position of the track in <see cref="TaskSucceeded.Tracks"/>. Labels can be missing or equal.</param>
    /// <param name="options">The options of the job.</param>
    public virtual DownloadOptions? GetDownloadOptions(TaskSucceeded task, int index, DownloadOptions? options) => options;
}

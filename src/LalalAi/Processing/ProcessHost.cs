namespace LalalAi;

/// <summary>
/// What surrounds a job: where its checkpoints are stored, and when its phases may begin. Derive from it to make jobs survive a crash, to
/// limit transfers or minutes over many jobs, or to refuse a start.
/// </summary>
public abstract class ProcessHost
{
    /// <summary>
    /// Stores the checkpoint. Called and awaited after the upload, before and after the start, after each track, and at the end. The start
    /// is not sent before this method has returned, so what is stored always contains the key of a task that may be running. If it throws,
    /// the job fails with <see cref="LalalAiProcessException"/>.
    /// </summary>
    /// <param name="checkpoint">The job, as far as it got.</param>
    /// <param name="cancellationToken">Cancels the call. It is never canceled for what was paid for.</param>
    public abstract Task SaveCheckpointAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until a phase may begin. Throw to refuse it: a refused <see cref="ProcessPhase.Starting"/> costs nothing. Returns immediately
    /// by default.
    /// </summary>
    /// <param name="phase">The phase.</param>
    /// <param name="checkpoint">The job, as far as it got.</param>
    /// <param name="cancellationToken">Canceled with the job.</param>
    /// <returns>What is disposed at the end of the phase, for example a place in a limit, or <see langword="null"/>.</returns>
    public virtual Task<IDisposable?> EnterPhaseAsync(
        ProcessPhase phase, JobCheckpoint checkpoint, CancellationToken cancellationToken = default) =>
        Task.FromResult<IDisposable?>(null);

    /// <summary>
    /// Returns how a track is named, and what happens if its file exists. By default the job's <see cref="ProcessOptions.Download"/>.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="index">The position of the track in <see cref="TaskSucceeded.Tracks"/>. Labels can be missing or equal.</param>
    /// <param name="options">The options of the job.</param>
    public virtual DownloadOptions? GetDownloadOptions(TaskSucceeded task, int index, DownloadOptions? options) => options;
}

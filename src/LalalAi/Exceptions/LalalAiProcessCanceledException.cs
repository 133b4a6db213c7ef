namespace LalalAi;

/// <summary>
/// A job was canceled. A task that was started keeps running: resume the job, or cancel the task.
/// </summary>
public sealed class LalalAiProcessCanceledException : OperationCanceledException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="checkpoint">The progress of the job.</param>
    /// <param name="innerException">The cause.</param>
    /// <param name="cancellationToken">The token that was canceled.</param>
    public LalalAiProcessCanceledException(
        JobCheckpoint checkpoint, Exception? innerException = null, CancellationToken cancellationToken = default)
        : base(Describe(checkpoint ?? throw new ArgumentNullException(nameof(checkpoint))), innerException, cancellationToken) =>
            Checkpoint = checkpoint;

    /// <summary>
    /// The progress of the job. Pass it to <see cref="ProcessOptions.ResumeFrom"/> to resume the job without paying twice.
    /// </summary>
    public JobCheckpoint Checkpoint { get; }

    /// <summary>The uploaded file, or <see langword="null"/> if the upload was not finished.</summary>
    public SourceId? SourceId => Checkpoint.Source?.Id;

    /// <summary>The task, or <see langword="null"/> if it was not started or its ID is not known.</summary>
    public TaskId? TaskId => Checkpoint.TaskId;

    private static string Describe(JobCheckpoint checkpoint) => checkpoint switch
    {
        { TaskId: { } taskId } =>
            $"The job was canceled. Its task {taskId} keeps running: resume the job, wait for the task, or cancel it.",
        { IdempotencyKey: { } key } =>
            "The job was canceled while its task was being started. "
                + $"Resume it, or retry the start with the idempotency key {key}, which starts the task at most once.",
        { Source.Id: var source } => $"The job was canceled after the upload of the source {source}. Nothing was started.",
        _ => "The job was canceled before anything was uploaded.",
    };
}

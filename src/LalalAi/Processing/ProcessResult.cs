namespace LalalAi;

/// <summary>
/// The result of a job that <c>ProcessAsync</c> ran. If a track could not be downloaded, the result contains its error, because the task
/// was paid for.
/// </summary>
public sealed record ProcessResult
{
    /// <summary>The final state of the task.</summary>
    public required TaskSucceeded State { get; init; }

    /// <summary>The result of each track, in the service's order.</summary>
    public required IReadOnlyList<DownloadResult> Tracks { get; init; }

    /// <summary>The last checkpoint of the job. Pass it to <see cref="ProcessOptions.ResumeFrom"/> to download missing tracks.</summary>
    public required JobCheckpoint Checkpoint { get; init; }

    /// <summary>The estimated price in minutes, or <see langword="null"/> if it is not known.</summary>
    public double? Minutes { get; init; }

    /// <summary>Whether the source was deleted from the service.</summary>
    public bool IsSourceDeleted => Checkpoint.IsSourceDeleted;

    /// <summary>
    /// Why the source was not deleted although <see cref="ProcessOptions.DeleteSource"/> was set, or <see langword="null"/>. It expires by
    /// itself.
    /// </summary>
    public Exception? DeleteError { get; init; }

    /// <summary>The source.</summary>
    public SourceId SourceId => State.SourceId;

    /// <summary>The task.</summary>
    public TaskId TaskId => State.TaskId;

    /// <summary>Whether every track is complete on disk.</summary>
    public bool IsComplete => Tracks.All(track => track.File is not null);
}

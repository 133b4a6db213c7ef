namespace LalalAi;

/// <summary>
/// The progress of a job as plain data. Both JSON serializers can store it, and any process can resume the job from it without paying
/// twice.
/// </summary>
public sealed record JobCheckpoint
{
    /// <summary>The version of the format that this library writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the format. A job resumes from a lower version, and rejects a higher one.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The address of the service that the job runs on, or <see langword="null"/> if it is not known.</summary>
    public Uri? Service { get; init; }

    /// <summary>The parameters of the task.</summary>
    public required TaskPresets Presets { get; init; }

    /// <summary>The uploaded file, or <see langword="null"/> before the end of the upload.</summary>
    public SourceFile? Source { get; init; }

    /// <summary>
    /// The idempotency key of the start, or <see langword="null"/> before it is sent. A checkpoint with a key and without a task is resumed
    /// with the same key: if the service returns that the key is used, the ID of the task is lost, and nothing is started again.
    /// </summary>
    public Guid? IdempotencyKey { get; init; }

    /// <summary>The task, or <see langword="null"/> before the response to its start.</summary>
    public TaskId? TaskId { get; init; }

    /// <summary>The tracks that are complete on disk.</summary>
    public IReadOnlyList<JobTrack> Tracks { get; init => field = ValueList<JobTrack>.Copy(value ?? []); } = [];

    /// <summary>Whether the source was deleted from the service.</summary>
    public bool IsSourceDeleted { get; init; }

    /// <summary>Whether the job is complete.</summary>
    public bool IsDone { get; init; }
}

/// <summary>A track of a job that is complete on disk.</summary>
/// <param name="Index">Its position among the tracks of the task, from 0. Labels can be missing or equal.</param>
/// <param name="Label">Its label.</param>
/// <param name="Path">The full path of the file.</param>
/// <param name="Size">The size of the file in bytes.</param>
public sealed record JobTrack(int Index, string Label, string Path, long Size);

namespace LalalAi;

/// <summary>What a job made that went from file to tracks in one call. A track that could not be downloaded is part of it, not an exception: the task was paid for.</summary>
public sealed record SeparationResult
{
    /// <summary>The uploaded file.</summary>
    public required SourceFile Source { get; init; }

    /// <summary>The task, for another download of what is missing.</summary>
    public required TaskSucceeded Task { get; init; }

    /// <summary>What became of each track.</summary>
    public required IReadOnlyList<TrackDownload> Tracks { get; init; }

    /// <summary>The minutes that the job cost, by its duration and number of stems.</summary>
    public required double Minutes { get; init; }

    /// <summary>Whether the source was deleted from the service.</summary>
    public bool IsSourceDeleted { get; init; }

    /// <summary>Why the source was not deleted although it was to be, or <see langword="null"/>. It expires by itself.</summary>
    public Exception? DeleteError { get; init; }

    /// <summary>Whether every track is complete on disk.</summary>
    public bool IsComplete => Tracks.All(track => track.File is not null);
}

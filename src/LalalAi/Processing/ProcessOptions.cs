namespace LalalAi;

/// <summary>Options of <c>ProcessAsync</c>, which runs a whole job.</summary>
public sealed record ProcessOptions
{
    /// <summary>How long the whole job may take, from the first byte sent to the last byte saved. No limit by default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// The maximum price of the job in minutes. The price is estimated after the upload, and nothing is started if the estimate is higher
    /// or not known. No limit by default.
    /// </summary>
    public double? MaxMinutes { get; init; }

    /// <summary>
    /// Whether the source and its tracks are deleted from the service when every track is complete on disk. By default they stay until they
    /// expire.
    /// </summary>
    public bool DeleteSource { get; init; }

    /// <summary>Options of the start.</summary>
    public StartOptions? Start { get; init; }

    /// <summary>
    /// How long a canceled job waits for the response to a start that was sent, because the response contains the ID of a task that is
    /// paid for. Zero or more, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. 10 seconds by default.
    /// </summary>
    public TimeSpan StartGracePeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The file names of tracks, and what to do if a file exists.</summary>
    public DownloadOptions? Download { get; init; }

    /// <summary>
    /// The job to resume, as <see cref="ProcessHost.SaveCheckpointAsync"/> or an exception provided it. Completed steps are skipped. By
    /// default a new job begins.
    /// </summary>
    public JobCheckpoint? ResumeFrom { get; init; }

    /// <summary>Stores the job's checkpoints, and limits or refuses its phases. None by default.</summary>
    public ProcessHost? Host { get; init; }

    /// <summary>The clock for <see cref="Timeout"/>. The system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

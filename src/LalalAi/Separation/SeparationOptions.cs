namespace LalalAi;

/// <summary>The limits of a job that goes from file to tracks in one call, and what happens at its end.</summary>
public sealed record SeparationOptions
{
    /// <summary>How long the job may take as a whole, from the first byte sent to the last byte saved. By default as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// The most minutes that the job may cost. They are estimated when the file is uploaded, and nothing is started when the estimate is higher. By default there is no ceiling.
    /// </summary>
    public double? MaxMinutes { get; init; }

    /// <summary>Whether the source and its tracks are deleted from the service once every track is complete on disk. By default they stay until they expire.</summary>
    public bool DeleteSource { get; init; }

    /// <summary>The idempotency key of the start, if the caller keeps it.</summary>
    public StartOptions? Start { get; init; }

    /// <summary>How tracks are named, and what happens when a name is taken.</summary>
    public DownloadOptions? Download { get; init; }
}

namespace LalalAi;

/// <summary>A track could not be downloaded.</summary>
public sealed class LalalAiDownloadException : LalalAiException
{
    /// <summary>Creates the exception.</summary>
    public LalalAiDownloadException(string message, TaskTrack track, int? statusCode = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Track = track;
        StatusCode = statusCode;
    }

    /// <summary>The track.</summary>
    public TaskTrack Track { get; }

    /// <summary>The HTTP status of the last response, or <see langword="null"/> if the failure was not a response.</summary>
    public int? StatusCode { get; }

    /// <summary>Whether another request may return the track.</summary>
    internal bool CanRetry { get; init; }

    /// <summary>The delay before the next request that the response requires.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}

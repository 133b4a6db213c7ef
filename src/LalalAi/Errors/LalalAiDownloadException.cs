namespace LalalAi;

/// <summary>A track could not be brought to its destination.</summary>
public sealed class LalalAiDownloadException : LalalAiException
{
    internal LalalAiDownloadException(string message, TaskTrack track, int? statusCode = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Track = track;
        StatusCode = statusCode;
    }

    /// <summary>The track.</summary>
    public TaskTrack Track { get; }

    /// <summary>The HTTP status of the last answer, or <see langword="null"/> when the failure was another.</summary>
    public int? StatusCode { get; }
}

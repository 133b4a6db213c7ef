namespace LalalAi;

/// <summary>The content of a track, open for reading. It reads forward only; use an offset with <see cref="ILalalAiClient.OpenReadAsync"/> to start elsewhere.</summary>
public abstract class TrackStream : Stream
{
    /// <summary>The size of the whole track in bytes, or <see langword="null"/> if its server does not send it.</summary>
    public abstract long? TotalBytes { get; }

    /// <summary>The media type, for example <c>audio/mpeg</c>, or <see langword="null"/> if it is not known.</summary>
    public abstract string? ContentType { get; }

    /// <summary>A safe name for the file.</summary>
    public abstract string FileName { get; }
}

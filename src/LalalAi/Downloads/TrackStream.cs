namespace LalalAi;

/// <summary>
/// The content of a track, open for reading. Broken connections are resumed and expired links are renewed while it is read. It is
/// forward-only; call <see cref="ILalalAiClient.OpenReadAsync"/> with an offset to start elsewhere.
/// </summary>
/// <remarks>
/// It counts towards <see cref="LalalAiClientOptions.MaxConcurrentDownloads"/> until it is read to its end or disposed. The end of the
/// stream is the verified end of the track: a read throws <see cref="LalalAiDownloadException"/> if bytes are missing or the track changed.
/// </remarks>
public abstract class TrackStream : Stream
{
    /// <summary>The size of the whole track in bytes, or <see langword="null"/> if it is not known.</summary>
    public abstract long? TotalBytes { get; }

    /// <summary>The media type, for example <c>audio/mpeg</c>, or <see langword="null"/> if it is not known.</summary>
    public abstract string? ContentType { get; }

    /// <summary>A safe name for a file with the content.</summary>
    public abstract string FileName { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException($"The stream cannot seek. Use {nameof(TotalBytes)}.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("The stream cannot seek. Open the track with an offset instead.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The stream cannot be written to.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream cannot be written to.");
}

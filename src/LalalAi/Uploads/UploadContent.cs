namespace LalalAi.Uploads;

/// <summary>The caller's content, from its position at the beginning of the upload to its end.</summary>
/// <param name="Stream">The stream, which is the caller's to dispose.</param>
/// <param name="Start">The position at the beginning of the upload.</param>
/// <param name="Length">The number of bytes, or <see langword="null"/> if it is not known.</param>
/// <param name="IsStated">Whether the caller stated the number of bytes.</param>
internal sealed record UploadContent(Stream Stream, long Start, long? Length, bool IsStated)
{
    /// <summary>The service's limit for one file.</summary>
    public const long MaximumBytes = 10_000_000_000;

    /// <summary>Measures the content.</summary>
    /// <exception cref="ArgumentException">The stream is empty, too long, or cannot be read.</exception>
    public static async Task<UploadContent> MeasureAsync(Stream content, long? length, CancellationToken cancellationToken)
    {
        if (content is null)
        {
            throw new ArgumentNullException(nameof(content));
        }

        if (!content.CanRead)
        {
            throw new ArgumentException("The stream cannot be read.", nameof(content));
        }

        var start = content.CanSeek ? content.Position : 0;
        var measured = content.CanSeek ? await MeasureRestAsync(content, cancellationToken).ConfigureAwait(false) : null;
        if (measured is not null && length is not null && measured != length)
        {
            throw new ArgumentException(
                $"{nameof(UploadOptions)}.{nameof(UploadOptions.Length)} is {length}, and the stream has {measured} bytes left.",
                nameof(length));
        }

        return (length ?? measured) switch
        {
            <= 0 => throw new ArgumentException(
                "There is nothing to upload: the content is empty, or the stream is at its end.", nameof(content)),
            > MaximumBytes and var bytes => throw new ArgumentException(
                $"The content has {bytes} bytes. The service accepts up to {MaximumBytes} (10 GB).", nameof(content)),
            var known => new UploadContent(content, start, known, IsStated: length is not null),
        };
    }

    /// <summary>
    /// Returns the number of bytes left in a stream. The length of a stream that buffers another stream grows while it
    /// is read. The number is then not known.
    /// </summary>
    private static async Task<long?> MeasureRestAsync(Stream stream, CancellationToken cancellationToken)
    {
        var start = stream.Position;
        var length = stream.Length;
        if (stream is FileStream or MemoryStream || start > length)
        {
            return length - start;
        }

        try
        {
            stream.Position = length;
            var next = new byte[1];
            return await stream.ReadAsync(next, 0, 1, cancellationToken).ConfigureAwait(false) == 0 ? length - start : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new LalalAiException($"Upload: the content could not be read. {exception.Message}", exception);
        }
        finally
        {
            stream.Position = start;
        }
    }
}

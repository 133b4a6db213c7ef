namespace LalalAi;

/// <summary>Options of an upload.</summary>
public sealed record UploadOptions
{
    /// <summary>
    /// The number of bytes from the stream's current position to its end, if the stream does not know it, for example a request body with a <c>Content-Length</c>. It allows a fraction in the
    /// progress, and the upload fails if the content has another length.
    /// </summary>
    public long? Length { get; init; }
}

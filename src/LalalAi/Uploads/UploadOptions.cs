namespace LalalAi;

/// <summary>Options of an upload.</summary>
public sealed record UploadOptions
{
    /// <summary>
    /// The number of bytes from the stream's current position to its end, for a stream that cannot report its length, such as a request
    /// body with a <c>Content-Length</c>. It is sent to the service, and progress reports then include a fraction. The upload fails if the
    /// content has another length. By default the length of a stream that can seek is used, and other streams are sent in chunks.
    /// </summary>
    public long? Length { get; init; }
}

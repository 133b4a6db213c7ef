namespace LalalAi.Sandbox;

/// <summary>A request that a sandbox has received.</summary>
/// <param name="Time">The time when it arrived, on the sandbox's clock.</param>
/// <param name="Operation">
/// The operation, named by its path with dots for slashes, such as <c>split.demuser</c>, or <c>download</c>; <see langword="null"/> for an
/// unknown path.
/// </param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, without its query.</param>
/// <param name="LicenseKey">
/// The license key. If it does not begin with <c>sandbox</c>, it may be a real key, so only its first four characters are recorded.
/// </param>
/// <param name="Status">The HTTP status code of the response; <see langword="null"/> when none was sent.</param>
/// <param name="RequestId">The <c>x-request-id</c> of the response; <see langword="null"/> when none was sent, and for downloads.</param>
/// <param name="Faults">The faults that were applied to it, in the text grammar.</param>
public sealed record RecordedRequest(
    DateTimeOffset Time,
    string? Operation,
    string Method,
    string Path,
    string? LicenseKey,
    int? Status,
    string? RequestId,
    IReadOnlyList<string> Faults)
{
    /// <summary>Its number: 1 for the first request to the sandbox. Numbers continue after <see cref="SandboxServer.Reset"/>.</summary>
    public long Number { get; init; }

    /// <summary>
    /// The time from its arrival until the response was sent, on the sandbox's clock; <see langword="null"/> while it is in progress.
    /// </summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The <c>Content-Length</c> of the request in bytes; <see langword="null"/> when it has none.</summary>
    public long? RequestSize { get; init; }

    /// <summary>
    /// The <c>Content-Length</c> of the response in bytes; <see langword="null"/> when it has none, or before it was sent.
    /// </summary>
    public long? ResponseSize { get; init; }

    /// <summary>The idempotency keys of its starts, in order. Starts without a key are omitted.</summary>
    public IReadOnlyList<string> IdempotencyKeys { get; init; } = [];
}

namespace LalalAi.Sandbox;

/// <summary>A request that a sandbox has received.</summary>
/// <param name="Time">When it came, on the sandbox's clock.</param>
/// <param name="Operation">The operation, named by its path with dots for slashes, such as <c>split.demuser</c>, or <c>download</c>; <see langword="null"/> when there is no such path.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, without its query.</param>
/// <param name="LicenseKey">The license key. Of one that does not start with <c>sandbox</c> only the first four characters, in case it is a real one.</param>
/// <param name="Status">The HTTP status code of the answer; <see langword="null"/> when none was sent.</param>
/// <param name="RequestId">The <c>x-request-id</c> of the answer; <see langword="null"/> when none was sent, and for downloads.</param>
/// <param name="Faults">The entries of fault plans that struck it.</param>
public sealed record RecordedRequest(
    DateTimeOffset Time,
    string? Operation,
    string Method,
    string Path,
    string? LicenseKey,
    int? Status,
    string? RequestId,
    IReadOnlyList<string> Faults);

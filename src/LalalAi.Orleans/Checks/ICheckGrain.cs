namespace LalalAi.Cluster.Checks;

/// <summary>Sends the checks of a whole cluster. There is one for each license, whose name is the key.</summary>
internal interface ICheckGrain : IGrainWithStringKey
{
    /// <summary>Checks up to 200 tasks. With many silos, it may take a while until a request has room for them.</summary>
    [ResponseTimeout("00:02:00")]
    Task<CheckResult> CheckAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken);
}

/// <summary>The response to a check: the service's JSON for each task, or its refusal.</summary>
[GenerateSerializer]
internal sealed record CheckResult
{
    /// <summary>The service's JSON by task ID. A task that could not be looked up is left out.</summary>
    [Id(0)]
    public IReadOnlyDictionary<string, string> States { get; init; } = new Dictionary<string, string>();

    /// <summary>Why the service refused the check, or <see langword="null"/>.</summary>
    [Id(1)]
    public CheckRefusal? Refusal { get; init; }
}

/// <summary>
/// A refusal of the service itself, of the license key or of the request's content. It ends waits, so it must arrive as it was. Other
/// failures are outages, which any exception reports.
/// </summary>
[GenerateSerializer]
internal sealed record CheckRefusal(
    [property: Id(0)] string Message,
    [property: Id(1)] int StatusCode,
    [property: Id(2)] string? Code,
    [property: Id(3)] string? RequestId)
{
    /// <summary>
    /// Returns the refusal that an exception reports, or <see langword="null"/>. Only the service's own answers have a detail or a code.
    /// </summary>
    public static CheckRefusal? Of(LalalAiApiException exception) =>
        exception is { StatusCode: >= 400 and < 500 and not (408 or 429), } and ({ Detail: not null } or { Code: not null })
            ? new CheckRefusal(exception.Message, exception.StatusCode, exception.Code, exception.RequestId)
            : null;

    public LalalAiApiException ToException() => StatusCode is 401 or 403
        ? new LalalAiAuthenticationException(Message, StatusCode, Code, RequestId)
        : new LalalAiApiException(Message, StatusCode, Code, RequestId);
}

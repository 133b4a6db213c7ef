using LalalAi.Generated;

namespace LalalAi;

/// <summary>Maps the raw client's exceptions to this library's, and decides which failures are worth a retry.</summary>
internal static class ErrorMapping
{
    public const string IdempotencyKeyUsed = "idempotency_key_used";
    public const string InternalError = "internal_error";
    public const string BatchNotAvailable = "batch_not_avaliable";

    // Enough for the service's messages. A response can contain megabytes.
    private const int MaximumSummaryLength = 500;
    private const int MaximumWordLength = 64;

    private static readonly HashSet<string> QuotaCodes = ["exceeded_duration", "exceeded_size", "max_duration", BatchNotAvailable];

    /// <summary>Whether a code is documented. Other codes must not become dimensions of metrics.</summary>
    public static bool IsKnown(string code) => code is IdempotencyKeyUsed or InternalError || QuotaCodes.Contains(code);

    public static LalalAiApiException Translate(string operation, ApiException exception, DateTimeOffset now)
    {
        var error = ApiError.From(exception, now);
        var said = error.Summary is { Length: > 0 } summary
            ? $" The service says: {Shorten(summary, MaximumSummaryLength).TrimEnd(' ', '.')}."
            : string.Empty;
        var code = error.Code is { } known ? $", {Shorten(known, MaximumWordLength)}" : string.Empty;
        var request = error.RequestId is { } id ? $", request {Shorten(id, MaximumWordLength)}" : string.Empty;
        string Message(string what) => $"{operation}: {what} (HTTP {error.StatusCode}{code}{request}).{said}";

        return error switch
        {
            { IsFromService: false } => new LalalAiApiException(
                Message("the response does not come from the API, but from something between the client and the service; "
                    + "check the base address, proxies and gateways"),
                error,
                exception),
            { StatusCode: 401 or 403 } => new LalalAiAuthenticationException(
                Message("the license key was rejected; check that it is complete, active, and allowed to do this"), error, exception),
            { StatusCode: 429 } => new LalalAiRateLimitException(
                Message("too many requests; wait a minute, and share one client or one rate limiter between all that use the key"),
                error,
                exception),
            { StatusCode: 422 } => new LalalAiValidationException(Message("the service found the request malformed"), error, exception),
            { Code: { } quota } when QuotaCodes.Contains(quota) =>
                new LalalAiQuotaException(Message(DescribeQuota(quota)), error, exception),
            { StatusCode: >= 300 and < 400 } => new LalalAiApiException(
                Message("the service redirected, which the API never does; check the base address"), error, exception),
            { StatusCode: >= 200 and < 300 } =>
                new LalalAiApiException(Message("the response lacks fields that the contract requires"), error, exception),
            _ => new LalalAiApiException(Message("the service rejected the request"), error, exception),
        };
    }

    /// <summary>
    /// Whether a retry may help. A response that is not the API's comes from a proxy or gateway, regardless of its status. A success of
    /// the service is never retried, even if it cannot be parsed, because the operation was executed.
    /// </summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        LalalAiConnectionException { IsPermanent: false } or TimeoutException => true,
        LalalAiApiException { Error.IsFromService: false } => true,
        LalalAiApiException { StatusCode: 408 or 429 or >= 500 } => true,
        LalalAiApiException { Code: InternalError } => true,
        _ => false,
    };

    /// <summary>Whether the service itself rejected the request, which proves that the operation was not carried out.</summary>
    public static bool IsRefusal(Exception exception) =>
        exception is LalalAiApiException { Error.IsFromService: true, StatusCode: >= 400 and < 500 and not 408, Code: not InternalError };

    /// <summary>Returns the beginning of a text on one line.</summary>
    private static string Shorten(string text, int maximum)
    {
        var line = string.Concat(text.Take(maximum).Select(character => char.IsControl(character) ? ' ' : character));
        return text.Length > maximum ? line + "…" : line;
    }

    private static string DescribeQuota(string code) => code switch
    {
        "exceeded_duration" => "there are not enough minutes left",
        "exceeded_size" => "the file is larger than the plan allows",
        "max_duration" => "the file is longer than the plan allows",
        _ => "the plan does not include batches; start the tasks one by one",
    };
}

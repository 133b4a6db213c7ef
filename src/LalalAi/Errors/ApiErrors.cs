using LalalAi.Generated;
using LalalAi.Http;
using Newtonsoft.Json;

namespace LalalAi;

/// <summary>Turns the raw client's exceptions into this library's, and knows which are worth a repetition.</summary>
internal static class ApiErrors
{
    public const string IdempotencyKeyUsed = "idempotency_key_used";
    public const string InternalError = "internal_error";
    public const string BatchNotAvailable = "batch_not_avaliable";

    private static readonly HashSet<string> QuotaCodes = ["exceeded_duration", "exceeded_size", "max_duration", BatchNotAvailable];

    public static LalalAiApiException Translate(string operation, ApiException exception)
    {
        var error = ApiError.From(exception);
        var said = error.Summary is { Length: > 0 } summary ? $" The service says: {summary}" : string.Empty;
        var code = error.Code is { } known ? $", {known}" : string.Empty;
        var request = error.RequestId is { } id ? $" (request {id})" : string.Empty;
        string Message(string what) => $"{operation}: {what} (HTTP {error.StatusCode}{code}).{said}{request}";

        return error switch
        {
            { StatusCode: 401 or 403 } => new LalalAiAuthenticationException(Message("the license key was not accepted; check that it is whole, active, and allowed to do this"), error, exception),
            { StatusCode: 429 } => new LalalAiRateLimitException(Message("too many requests; wait a minute, and share one client or one rate limiter between everything that uses the key"), error, exception),
            { StatusCode: 422 } => new LalalAiValidationException(Message("the service found the request malformed"), error, exception),
            { Code: { } quota } when QuotaCodes.Contains(quota) => new LalalAiQuotaException(Message(DescribeQuota(quota)), error, exception),
            { StatusCode: >= 300 and < 400 } => new LalalAiApiException(Message("the service redirected, which the API never does; check the base address"), error, exception),
            { StatusCode: >= 200 and < 300 } => new LalalAiApiException(Message($"the answer could not be read{(exception.InnerException is JsonException ? " as the contract's JSON" : string.Empty)}; something between here and the service may have replaced it"), error, exception),
            _ => new LalalAiApiException(Message("the service refused the request"), error, exception),
        };
    }

    /// <summary>Whether repeating a failed attempt may help. That it is also safe, the caller has to see to.</summary>
    public static bool IsWorthRepeating(Exception exception, OperationKind kind) => exception switch
    {
        LalalAiConnectionException => true,
        TimeoutException => true,
        // An answer that is no JSON comes from a gateway, or was cut off; the operation may well have been carried out.
        LalalAiApiException { StatusCode: 408 or 429 or >= 500 or (>= 200 and < 300) } => true,
        LalalAiApiException { Code: InternalError } => true,
        _ => false,
    };

    /// <summary>Whether the service refused a request for what is in it: not for the key, for too many requests, or because something failed on the way.</summary>
    public static bool IsAboutTheContent(LalalAiApiException exception) =>
        exception is { StatusCode: >= 400 and < 500 and not (401 or 403) } && !IsWorthRepeating(exception, OperationKind.Free);

    /// <summary>Whether, after this failure, the operation may have been carried out all the same.</summary>
    public static bool IsAmbiguous(Exception exception) => exception switch
    {
        LalalAiConnectionException or TimeoutException => true,
        LalalAiApiException { StatusCode: 408 or >= 500 or (>= 200 and < 300) } => true,
        LalalAiApiException { Code: InternalError } => true,
        _ => false,
    };

    private static string DescribeQuota(string code) => code switch
    {
        "exceeded_duration" => "there are not enough minutes left",
        "exceeded_size" => "the file is larger than the plan allows",
        "max_duration" => "the file is longer than the plan allows",
        _ => "the plan has no batches; start the tasks one by one",
    };
}

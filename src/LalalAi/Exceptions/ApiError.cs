using System.Globalization;
using LalalAi.Generated;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>The content of an error response: the service's JSON, another shape of it, or the HTML page of a gateway.</summary>
internal sealed record ApiError
{
    private const int MaximumBodyLength = 64 * 1024;

    public required int StatusCode { get; init; }

    /// <summary>Whether the body has the form of an API error. Otherwise, the response comes from a proxy or gateway.</summary>
    public bool IsFromService { get; init; }

    public string? Code { get; init; }

    public JToken? Detail { get; init; }

    public IReadOnlyList<RequestValidationError> ValidationErrors { get; init; } = [];

    public string? RequestId { get; init; }

    public string? Body { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The detail as one line of text, for messages.</summary>
    public string? Summary => ValidationErrors.Count > 0
        ? string.Join("; ", ValidationErrors.Select(error => $"{error.Location}: {error.Message}"))
        : Detail switch
        {
            null => null,
            JValue { Type: JTokenType.String } text => (string?)text,
            { } other => other.ToString(Formatting.None),
        };

    public static ApiError From(ApiException exception, DateTimeOffset now)
    {
        var body = ParseObject(exception.Response);
        var detail = body?["detail"];
        return new ApiError
        {
            StatusCode = exception.StatusCode,
            IsFromService = exception.StatusCode is >= 200 and < 300
                ? body is not null
                : body is not null && (body["detail"] ?? body["code"]) is not null,
            Code = body?["code"] is JValue { Type: JTokenType.String } code ? (string?)code : null,
            Detail = detail,
            ValidationErrors =
                [.. (detail as JArray ?? []).OfType<JObject>().Where(item => item["loc"] is not null).Select(ReadValidationError)],
            RequestId = Header(exception, "x-request-id"),
            Body = exception.Response is { Length: > MaximumBodyLength } response
                ? response.Substring(0, MaximumBodyLength)
                : exception.Response,
            RetryAfter = LalalAi.RetryAfter.Read(Header(exception, "Retry-After"), Header(exception, "Date"), now),
        };
    }

    private static JObject? ParseObject(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            using var reader = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
            return JToken.ReadFrom(reader) as JObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RequestValidationError ReadValidationError(JObject item) => new(
        item["loc"] is JArray location ? string.Join(".", location.Select(part => part.ToString())) : item["loc"]!.ToString(),
        (item["msg"] as JValue)?.ToString(CultureInfo.InvariantCulture) ?? string.Empty,
        (item["type"] as JValue)?.ToString(CultureInfo.InvariantCulture));

    private static string? Header(ApiException exception, string name) =>
        exception.Headers?.FirstOrDefault(
            header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
}

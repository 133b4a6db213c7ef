using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.State;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary>The service's error responses, with its texts.</summary>
internal static class ErrorAnswers
{
    public static ApiAnswer NotFound { get; } = Detail(StatusCodes.Status404NotFound, "Not Found");

    public static ApiAnswer MethodNotAllowed { get; } = Detail(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");

    // 403 instead of 401, and no WWW-Authenticate, like the service.
    public static ApiAnswer NoLicenseKey { get; } = Detail(StatusCodes.Status403Forbidden, "Provide license key in 'X-License-Key' header");

    // Without Retry-After, like the service.
    public static ApiAnswer TooManyRequests { get; } = Detail(StatusCodes.Status429TooManyRequests, "Too Many Requests");

    public static ApiAnswer BodyTooLarge { get; } = Detail(StatusCodes.Status413PayloadTooLarge, "Request Entity Too Large");

    /// <summary>
    /// The response if a request could not be read completely, or if the sandbox failed. A bug must be visible to the developer.
    /// </summary>
    public static ApiAnswer Failed(Exception exception) => exception is BadHttpRequestException bad
        ? Detail(bad.StatusCode, bad.Message)
        : Detail(StatusCodes.Status500InternalServerError, $"The sandbox failed with {exception.GetType().Name}: {exception.Message}");

    public static ApiAnswer Detail(int status, string detail) => new(status, new JObject { ["detail"] = detail });

    public static ApiAnswer BadRequest(Refusal refusal) => Refused(StatusCodes.Status400BadRequest, refusal);

    public static ApiAnswer Refused(int status, Refusal refusal)
    {
        var body = new JObject { ["detail"] = refusal.Detail };
        if (refusal.Code is not null)
        {
            body["code"] = refusal.Code;
        }

        return new ApiAnswer(status, body);
    }

    public static ApiAnswer Unprocessable(params IEnumerable<ValidationDetail> details) =>
        new(StatusCodes.Status422UnprocessableEntity, new JObject { ["detail"] = new JArray(details.Select(detail => detail.ToJson())) });
}

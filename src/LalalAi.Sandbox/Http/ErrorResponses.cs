using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.State;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary>The service's error responses, with its texts.</summary>
internal static class ErrorResponses
{
    public static ApiResponse NotFound { get; } = Detail(StatusCodes.Status404NotFound, "Not Found");

    public static ApiResponse MethodNotAllowed { get; } = Detail(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");

    // 403 instead of 401, and no WWW-Authenticate, like the service.
    public static ApiResponse NoLicenseKey { get; } =
        Detail(StatusCodes.Status403Forbidden, "Provide license key in 'X-License-Key' header");

    // Without Retry-After, like the service.
    public static ApiResponse TooManyRequests { get; } = Detail(StatusCodes.Status429TooManyRequests, "Too Many Requests");

    public static ApiResponse BodyTooLarge { get; } = Detail(StatusCodes.Status413PayloadTooLarge, "Request Entity Too Large");

    /// <summary>
    /// The response if a request could not be read completely, or if the sandbox failed. A bug must be visible to the developer.
    /// </summary>
    public static ApiResponse Failed(Exception exception) => exception is BadHttpRequestException bad
        ? Detail(bad.StatusCode, bad.Message)
        : Detail(StatusCodes.Status500InternalServerError, $"The sandbox failed with {exception.GetType().Name}: {exception.Message}");

    public static ApiResponse Detail(int status, string detail) => new(status, new JObject { ["detail"] = detail });

    public static ApiResponse BadRequest(Refusal refusal) => Refused(StatusCodes.Status400BadRequest, refusal);

    public static ApiResponse Refused(int status, Refusal refusal)
    {
        var body = new JObject { ["detail"] = refusal.Detail };
        if (refusal.Code is not null)
        {
            body["code"] = refusal.Code;
        }

        return new ApiResponse(status, body);
    }

    public static ApiResponse Unprocessable(params IEnumerable<ValidationDetail> details) =>
        new(StatusCodes.Status422UnprocessableEntity, new JObject { ["detail"] = new JArray(details.Select(detail => detail.ToJson())) });
}

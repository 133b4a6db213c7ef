using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary><c>/limits/minutes_left/</c>: the remaining minutes of a license key.</summary>
internal static class LimitsEndpoint
{
    public static void AddTo(OperationRegistry operations) =>
        operations.Add("limits/minutes_left/", request => ApiResponse.Ok(new JObject { ["minutes_left"] = request.License.MinutesLeft }));
}

using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary><c>/cancel/</c> and <c>/cancel/all/</c>: cancel tasks. Their minutes are not refunded.</summary>
internal static class CancelEndpoints
{
    public static void AddTo(OperationRegistry operations)
    {
        operations.Add("cancel/", Cancel);
        operations.Add("cancel/all/", CancelAll);
    }

    private static ApiResponse Cancel(ApiRequest request)
    {
        var result = new JObject();
        foreach (var id in request.Body["task_ids"]!.Select(id => Guid.Parse((string)id!)).Distinct())
        {
            result[id.ToString()] = request.License.Cancel(id) is { } reason
                ? new JObject { ["status"] = "server_error", ["error"] = reason }
                : Success();
        }

        return ApiResponse.Ok(new JObject { ["result"] = result });
    }

    private static ApiResponse CancelAll(ApiRequest request)
    {
        var canceled = request.License.CancelAll().Select(task => new JProperty(task.Id.ToString(), Success()));
        return ApiResponse.Ok(new JObject { ["result"] = new JObject(canceled) });
    }

    private static JObject Success() => new() { ["status"] = "success" };
}

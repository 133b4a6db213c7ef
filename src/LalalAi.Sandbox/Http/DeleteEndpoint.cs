using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Http;

/// <summary><c>/delete/</c>: deletes a source and its tracks, and cancels its running tasks.</summary>
internal static class DeleteEndpoint
{
    public static void AddTo(OperationRegistry operations) => operations.Add("delete/", Delete);

    private static ApiResponse Delete(ApiRequest request) => request.License.Delete(Guid.Parse((string)request.Body["source_id"]!))
        ? ApiResponse.Ok([])
        : ErrorResponses.BadRequest(Refusal.SourceGone);
}

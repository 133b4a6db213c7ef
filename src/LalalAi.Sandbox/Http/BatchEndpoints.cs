using LalalAi.Sandbox.State;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary><c>/split/batch/…/</c>: each starts up to 100 tasks, independently of one another.</summary>
internal sealed class BatchEndpoints(StartRequestReader reader)
{
    // The contract requires a code for every failed item, but declares none for a missing source. This code does not depend on the
    // license.
    private const string CodeOfLastResort = "internal_error";

    public void AddTo(OperationRegistry operations)
    {
        foreach (var kind in new[] { TaskKind.StemSeparator, TaskKind.Demuser, TaskKind.VoiceClean })
        {
            operations.Add(kind.Path.Replace("split/", "split/batch/", StringComparison.Ordinal), request => Start(request, kind));
        }
    }

    private static JObject Describe(StartOutcome outcome, Guid sourceId)
    {
        return outcome.Task is { } task
            ? new JObject { ["status"] = "success", ["task_id"] = task.Id.ToString(), ["source_id"] = sourceId.ToString() }
            : new JObject
            {
                ["status"] = "error",
                ["error"] = outcome.Refusal!.Detail,
                ["code"] = outcome.Refusal.Code ?? CodeOfLastResort,
                ["source_id"] = sourceId.ToString(),
            };
    }

    private ApiResponse Start(ApiRequest request, TaskKind kind)
    {
        var starts = new List<StartRequest>();
        foreach (var item in request.Body["items"]!.Cast<JObject>())
        {
            var (start, nonsense) = reader.Read(item, kind);
            if (nonsense is not null)
            {
                // Rejects the whole request, as for an unknown stem, before any task is started.
                return ErrorResponses.BadRequest(nonsense);
            }

            starts.Add(start! with { Failure = request.FailureOf(start.SourceId, isFirst: starts.Count == 0) });
        }

        var results = starts.Select(start => Describe(request.License.Options.BatchAllowed
            ? request.License.Start(start)
            : Refusal.NoBatch, start.SourceId));
        return ApiResponse.Ok(new JObject { ["results"] = new JArray(results) });
    }
}

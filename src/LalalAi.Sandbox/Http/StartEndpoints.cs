using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary><c>/split/…/</c> and <c>/change_voice/</c>: each starts one task.</summary>
internal sealed class StartEndpoints(StartRequestReader reader)
{
    public void AddTo(OperationRegistry operations)
    {
        foreach (var kind in TaskKind.All)
        {
            operations.Add(kind.Path, request => Start(request, kind));
        }
    }

    private ApiResponse Start(ApiRequest request, TaskKind kind)
    {
        var (start, nonsense) = reader.Read(request.Body, kind);
        var outcome = nonsense is null
            ? request.License.Start(start! with { Failure = request.FailureOf(start.SourceId, isFirst: true) })
            : nonsense;
        return outcome.Task is { } task
            ? ApiResponse.Ok(new JObject { ["task_id"] = task.Id.ToString() })
            : ErrorResponses.BadRequest(outcome.Refusal!);
    }
}

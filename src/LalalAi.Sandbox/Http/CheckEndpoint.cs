using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary><c>/check/</c>: the only way to learn what has become of a task.</summary>
internal sealed class CheckEndpoint(DownloadLinks links, SandboxOptions options)
{
    private const string TaskIds = "task_ids";

    private static readonly object[] TaskIdsLocation = ["body", TaskIds];

    public void AddTo(ApiOperations operations) =>
        operations.Add("check/", Check, operation => operation with { Admit = Admit, Waive = IsTooManyTaskIds });

    // Every request counts, a malformed one too: the limit is there before anything is read.
    private static ApiAnswer? Admit(ApiRequest request) => request.License.TryEnterCheck() ? null : ErrorAnswers.TooManyRequests;

    // An option stands in for the contract's own number.
    private static bool IsTooManyTaskIds(ValidationDetail fault) => fault.Type == "too_long" && fault.Location.SequenceEqual(TaskIdsLocation);

    private ApiAnswer Check(ApiRequest request)
    {
        var ids = ((JArray)request.Body[TaskIds]!).Select(id => Guid.Parse((string)id!)).ToArray();
        if (ids.Length > options.TaskIdsPerCheck)
        {
            return ErrorAnswers.Unprocessable(ValidationDetail.TooManyItems(TaskIdsLocation, options.TaskIdsPerCheck.Value, ids.Length));
        }

        var tasks = ids.Distinct().Select(id => (Id: id, Task: request.License.FindTask(id))).ToArray();
        request.License.Conduct.TasksChecked(tasks.Length, tasks.Count(each => each.Task is { EndReported: true }));
        var result = new JObject();
        foreach (var (id, task) in tasks)
        {
            var isFirst = id == tasks[0].Id;
            if (task is null || request.Faults.Find(FaultKind.ServerError, task.Source, isFirst) is not null)
            {
                result[id.ToString()] = LookupFailed();
            }
            else if (request.Faults.Find(FaultKind.MissingId, task.Source, isFirst) is null)
            {
                result[id.ToString()] = Describe(task, request, isFirst);
            }
        }

        return ApiAnswer.Ok(new JObject { ["result"] = result });
    }

    private static JObject LookupFailed() => new() { ["status"] = "server_error", ["error"] = "Failed to extract information about task" };

    private JObject Describe(SeparationTask task, ApiRequest request, bool isFirst)
    {
        var now = options.TimeProvider.GetUtcNow();
        var status = task.StatusAt(now);
        var answer = new JObject
        {
            ["status"] = status switch
            {
                SeparationStatus.Cancelled => "cancelled",
                SeparationStatus.Succeeded => "success",
                SeparationStatus.Failed => "error",
                _ => "progress",
            },
            ["source_id"] = task.Source.Id.ToString(),
            ["presets"] = task.Presets.DeepClone(),
        };
        switch (status)
        {
            case SeparationStatus.Succeeded:
                answer["result"] = DescribeTracks(task, request.Http.Host.Host);
                break;
            case SeparationStatus.Failed:
                answer["error"] = DescribeFailure(task.Failure!);
                break;
            case SeparationStatus.Queued or SeparationStatus.Processing:
                answer["progress"] = task.ProgressAt(now);
                break;
        }

        task.EndReported |= status is not (SeparationStatus.Queued or SeparationStatus.Processing);
        if (request.Faults.Find(FaultKind.UnknownStatus, task.Source, isFirst) is { } unknown)
        {
            answer["status"] = unknown.Text ?? "paused";
        }

        return request.Faults.IsEnhanced(task.Source) ? EnhancedDialect.Of(answer) : answer;
    }

    private static JObject DescribeFailure(Fault failure)
    {
        var error = new JObject { ["detail"] = failure.Detail ?? "The task failed." };
        if (failure.Text is not null)
        {
            error["code"] = failure.Text;
        }

        return error;
    }

    private JObject DescribeTracks(SeparationTask task, string host) => new()
    {
        ["tracks"] = new JArray(task.Plan.Tracks.Select(track => new JObject
        {
            ["type"] = track.Type,
            ["label"] = track.Label,
            ["url"] = links.Create(host, task, track.Label),
            ["playlist_file"] = null,
            ["name"] = DownloadName.Create(task.Source.Name, track.Label, (string?)task.Presets["encoder_format"]),
            ["size"] = task.Source.Size,
            ["waveform"] = null,
        })),
        ["duration"] = task.Source.DurationSeconds,
    };
}

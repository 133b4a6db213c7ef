using LalalAi.Sandbox.Contract;
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

        var result = new JObject();
        foreach (var id in ids.Distinct())
        {
            result[id.ToString()] = request.License.FindTask(id) is { } task ? Describe(task) : LookupFailed();
        }

        return ApiAnswer.Ok(new JObject { ["result"] = result });
    }

    private static JObject LookupFailed() => new() { ["status"] = "server_error", ["error"] = "Failed to extract information about task" };

    private JObject Describe(SeparationTask task)
    {
        var now = options.TimeProvider.GetUtcNow();
        var status = task.StatusAt(now);
        var answer = new JObject
        {
            ["status"] = status switch
            {
                SeparationStatus.Cancelled => "cancelled",
                SeparationStatus.Succeeded => "success",
                _ => "progress",
            },
            ["source_id"] = task.Source.Id.ToString(),
            ["presets"] = task.Presets.DeepClone(),
        };
        if (status is SeparationStatus.Queued or SeparationStatus.Processing)
        {
            answer["progress"] = task.ProgressAt(now);
        }
        else if (status == SeparationStatus.Succeeded)
        {
            answer["result"] = DescribeTracks(task);
        }

        return answer;
    }

    private JObject DescribeTracks(SeparationTask task) => new()
    {
        ["tracks"] = new JArray(task.Plan.Tracks.Select(track => new JObject
        {
            ["type"] = track.Type,
            ["label"] = track.Label,
            ["url"] = links.Create(task, track.Label),
            ["playlist_file"] = null,
            ["name"] = DownloadName.Create(task.Source.Name, track.Label, (string?)task.Presets["encoder_format"]),
            ["size"] = task.Source.Size,
            ["waveform"] = null,
        })),
        ["duration"] = task.Source.DurationSeconds,
    };
}

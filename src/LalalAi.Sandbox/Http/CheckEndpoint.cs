using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary><c>/check/</c>: the states of tasks.</summary>
internal sealed class CheckEndpoint(DownloadLinks links, TrackStore tracks, SandboxOptions options)
{
    private const string TaskIds = "task_ids";
    private const int LastProgress = 99;
    private const string LookupError = "Failed to extract information about task";

    private static readonly object[] TaskIdsLocation = ["body", TaskIds];

    public void AddTo(OperationRegistry operations) =>
        operations.Add("check/", CheckAsync, operation => operation with { Admit = Admit, Waive = IsTooManyTaskIds });

    // Malformed requests count too, because the limit is checked before the body is read.
    private static ApiResponse? Admit(ApiRequest request) => request.License.TryEnterCheck() ? null : ErrorResponses.TooManyRequests;

    // An option replaces the contract's limit.
    private static bool IsTooManyTaskIds(ValidationDetail fault) =>
        fault.Type == "too_long" && fault.Location.SequenceEqual(TaskIdsLocation);

    private async Task<IResult> CheckAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var ids = ((JArray)request.Body[TaskIds]!).Select(id => Guid.Parse((string)id!)).ToArray();
        if (ids.Length > options.TaskIdsPerCheck)
        {
            return ErrorResponses.Unprocessable(ValidationDetail.TooManyItems(TaskIdsLocation, options.TaskIdsPerCheck.Value, ids.Length));
        }

        var tasks = ids.Distinct().Select(id => (Id: id, Task: request.License.FindTask(id))).ToArray();
        if (tasks.Where(each => each.Task is null).Select(each => StatusWithout(request.License, each.Id)).Max() is { } status)
        {
            return ErrorResponses.Detail(status, LookupError);
        }

        request.License.Usage.TasksChecked(tasks.Length, tasks.Count(each => each.Task is { EndReported: true }));

        // In parallel, because tracks may have to be created.
        var found = await Task.WhenAll(tasks.Select(
            each => DescribeAsync(each.Id, each.Task, request, isFirst: each.Id == tasks[0].Id, cancellationToken))).ConfigureAwait(false);
        var responses = tasks.Zip(found).Where(each => each.Second is not null);
        return ApiResponse.Ok(
            new JObject { ["result"] = new JObject(responses.Select(each => new JProperty(each.First.Id.ToString(), each.Second))) });
    }

    private static JObject LookupFailed() => new() { ["status"] = "server_error", ["error"] = LookupError };

    /// <summary>The HTTP status of a check of an unknown task; null if the check succeeds anyway.</summary>
    private int? StatusWithout(LicenseState license, Guid id) => ResponseWithout(license, id) switch
    {
        MissingTaskResponse.BadRequest => StatusCodes.Status400BadRequest,
        MissingTaskResponse.Forbidden => StatusCodes.Status403Forbidden,
        MissingTaskResponse.NotFound => StatusCodes.Status404NotFound,
        MissingTaskResponse.UnprocessableEntity => StatusCodes.Status422UnprocessableEntity,
        _ => null,
    };

    private MissingTaskResponse ResponseWithout(LicenseState license, Guid id) =>
        (license.IsExpiredTask(id) ? options.Behavior?.ExpiredTask : null)
        ?? options.Behavior?.UnknownTask
        ?? MissingTaskResponse.ServerError;

    /// <summary>The state of a task in the response; null to omit the task.</summary>
    private async Task<JObject?> DescribeAsync(
        Guid id, SeparationTask? task, ApiRequest request, bool isFirst, CancellationToken cancellationToken)
    {
        if (task is null)
        {
            return ResponseWithout(request.License, id) == MissingTaskResponse.Omitted ? null : LookupFailed();
        }

        if (request.Faults.Find(FaultKind.LookupError, task.Source, isFirst) is not null)
        {
            return LookupFailed();
        }

        if (request.Faults.Find(FaultKind.MissingTask, task.Source, isFirst) is not null)
        {
            return null;
        }

        var now = options.TimeProvider.GetUtcNow();
        var files = task.StatusAt(now) == SeparationStatus.Succeeded
            ? await FindTracksAsync(task, request, cancellationToken).ConfigureAwait(false)
            : null;

        // A task fails if its tracks cannot be created, and is in progress while they are being created.
        var status = task.StatusAt(now) is SeparationStatus.Succeeded && files is null ? SeparationStatus.Processing : task.StatusAt(now);
        var response = new JObject
        {
            ["status"] = status switch
            {
                SeparationStatus.Canceled => "cancelled",
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
                response["result"] = DescribeTracks(task, files!, request.Http.Host.Host);
                break;
            case SeparationStatus.Failed:
                response["error"] = DescribeFailure(task.Failure!);
                break;
            case SeparationStatus.Queued or SeparationStatus.Processing:
                response["progress"] = Math.Min(task.ProgressAt(now), LastProgress);
                break;
        }

        task.EndReported |= status is not (SeparationStatus.Queued or SeparationStatus.Processing);
        if (request.Faults.Find(FaultKind.UnknownStatus, task.Source, isFirst) is { } unknown)
        {
            response["status"] = unknown.Text ?? "paused";
        }

        return request.Faults.HasUndocumentedValues(task.Source) ? UndocumentedValues.Of(response) : response;
    }

    private async Task<IReadOnlyList<TrackFile>?> FindTracksAsync(
        SeparationTask task,
        ApiRequest request,
        CancellationToken cancellationToken)
    {
        try
        {
            return await tracks.DescribeAsync(task, cancellationToken).ConfigureAwait(false);
        }
        catch (MediaException exception)
        {
            request.License.Fail(task, exception.Message);
            return null;
        }
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

    private JObject DescribeTracks(SeparationTask task, IReadOnlyList<TrackFile> files, string host) => new()
    {
        ["tracks"] = new JArray(task.Plan.Tracks.Select((track, index) => new JObject
        {
            ["type"] = track.Type,
            ["label"] = track.Label,
            ["url"] = links.Create(host, task, track.Label),
            ["playlist_file"] = null,
            ["name"] = DownloadName.Create(task.Source.Name, track.Label, files[index].Extension),
            ["size"] = files[index].Size,
            ["waveform"] = null,
        })),
        ["duration"] = task.Source.Media.DurationSeconds,
    };
}

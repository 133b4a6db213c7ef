using LalalAi.Generated;
using LalalAi.Telemetry;
using LalalAi.Models;
using Newtonsoft.Json.Linq;

namespace LalalAi.Polling;

/// <summary>One check request: ids out, states back.</summary>
internal static class TaskStateQuery
{
    /// <summary>How many ids the service takes in one check.</summary>
    public const int MaximumIds = 200;

    /// <summary>Throws when an id is none, before a request that holds it fails for all its neighbours.</summary>
    public static void Validate(TaskId task, string parameter)
    {
        if (!task.IsWellFormed)
        {
            throw new ArgumentException($"'{task.Value}' is no task id, which is a UUID like 5f0c1d1e-2b3a-4c5d-8e6f-7a8b9c0d1e2f. Take it from the call that started the task.", parameter);
        }
    }

    /// <summary>Returns the ids, each once, in order.</summary>
    public static List<TaskId> Validate(IEnumerable<TaskId> tasks, string parameter)
    {
        var ids = (tasks ?? throw new ArgumentNullException(parameter)).Distinct().ToList();
        foreach (var id in ids)
        {
            Validate(id, parameter);
        }

        return ids;
    }

    /// <summary>Asks once, and returns a state for each id in order, or <see langword="null"/> for an id that the answer leaves out.</summary>
    public static async Task<IReadOnlyList<TaskState?>> SendAsync(ILalalAiApiClient raw, IReadOnlyList<TaskId> ids, CancellationToken cancellationToken)
    {
        LalalAiTelemetry.RecordCheck();
        var response = await raw.CheckAsync(new CheckRequest { TaskIds = [.. ids.Select(id => id.Value)] }, cancellationToken).ConfigureAwait(false);
        if (response is { Result.Count: 0, AdditionalProperties.Count: > 0 })
        {
            // Some other JSON: that it names no task says nothing about the tasks.
            throw new ApiException("The answer is not a check's.", 200, null, new Dictionary<string, IEnumerable<string>>(), null);
        }

        var presets = new PresetsReader();
        return [.. ids.Select(id => Find(response.Result, id) is { Type: not JTokenType.Null } entry ? Read(id, entry, presets) : null)];
    }

    /// <summary>What a task is whose id the answer left out.</summary>
    public static TaskLookupFailed Missing(TaskId id) => new() { TaskId = id, Message = "the answer leaves the task out." };

    // The service writes ids in lower case, whatever they were asked in.
    private static JToken? Find(IReadOnlyDictionary<string, JToken> result, TaskId id) => result.TryGetValue(id.Value, out var entry)
        ? entry
        : result.FirstOrDefault(other => string.Equals(other.Key, id.Value, StringComparison.OrdinalIgnoreCase)).Value;

    private static TaskState Read(TaskId id, JToken entry, PresetsReader presets)
    {
        try
        {
            return UnionReader.ReadTaskState(id, entry, presets);
        }
        catch (Exception exception)
        {
            // Whatever is wrong with one entry, the 199 beside it are not to blame.
            return new UnknownTaskState { TaskId = id, Raw = entry, Problem = exception.Message };
        }
    }
}

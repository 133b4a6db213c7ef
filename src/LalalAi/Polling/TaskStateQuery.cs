using LalalAi.Generated;
using LalalAi.Models;
using LalalAi.Telemetry;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Polling;

/// <summary>One check request: IDs out, states back.</summary>
internal static class TaskStateQuery
{
    /// <summary>The number of IDs that the service accepts in one check.</summary>
    public const int MaximumIds = 200;

    /// <summary>Throws if an ID is not valid, before a request fails for all IDs in it.</summary>
    public static void Validate(TaskId taskId, string parameter)
    {
        if (!taskId.IsWellFormed)
        {
            throw new ArgumentException($"{Uuid.NotValid(taskId.Value, "task")} Use the ID that the start returned.", parameter);
        }
    }

    /// <summary>Returns the IDs in order, without duplicates.</summary>
    public static List<TaskId> Validate(IEnumerable<TaskId> taskIds, string parameter)
    {
        var ids = (taskIds ?? throw new ArgumentNullException(parameter)).Distinct().ToList();
        foreach (var id in ids)
        {
            Validate(id, parameter);
        }

        return ids;
    }

    /// <summary>Sends one check.</summary>
    /// <returns>A state for each ID in order; <see langword="null"/> for an ID that the answer leaves out.</returns>
    public static async Task<IReadOnlyList<TaskState?>> SendAsync(
        ILalalAiApiClient raw, LalalAiClientOptions options, IReadOnlyList<TaskId> ids, CancellationToken cancellationToken)
    {
        LalalAiTelemetry.RecordCheck();
        var find = options.CheckTransport is { } transport
            ? await AskTransportAsync(transport, ids, cancellationToken).ConfigureAwait(false)
            : await AskServiceAsync(raw, ids, cancellationToken).ConfigureAwait(false);
        var presets = new PresetsReader();
        return [.. ids.Select(id => Read(id, find, presets))];
    }

    /// <summary>The state of a task that the answer leaves out.</summary>
    public static TaskLookupFailed Missing(TaskId id) => new() { TaskId = id, Message = "The response did not contain the task." };

    private static async Task<Func<TaskId, JToken?>> AskServiceAsync(
        ILalalAiApiClient raw, IReadOnlyList<TaskId> ids, CancellationToken cancellationToken)
    {
        var request = new CheckRequest { TaskIds = [.. ids.Select(id => id.Value)] };
        var response = await raw.CheckAsync(request, cancellationToken).ConfigureAwait(false);
        if (response is { Result.Count: 0, AdditionalProperties.Count: > 0 })
        {
            // Other JSON: that it contains none of the tasks says nothing about them.
            throw new ApiException("The response is not that of a check.", 200, null, new Dictionary<string, IEnumerable<string>>(), null);
        }

        // IDs are normalized to lower case, as the service writes them; a stand-in for it may not.
        return id => response.Result.TryGetValue(id.Value, out var entry)
            ? entry
            : response.Result.FirstOrDefault(other => string.Equals(other.Key, id.Value, StringComparison.OrdinalIgnoreCase)).Value;
    }

    private static async Task<Func<TaskId, JToken?>> AskTransportAsync(
        Func<IReadOnlyList<TaskId>, CancellationToken, Task<IReadOnlyDictionary<TaskId, string>>> transport,
        IReadOnlyList<TaskId> ids,
        CancellationToken cancellationToken)
    {
        var answer = await transport(ids, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"{nameof(LalalAiClientOptions.CheckTransport)} returned null.");
        return id => answer.TryGetValue(id, out var json) ? Parse(json) : null;
    }

    private static JToken Parse(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        return JToken.ReadFrom(reader);
    }

    private static TaskState? Read(TaskId id, Func<TaskId, JToken?> find, PresetsReader presets)
    {
        JToken? entry = null;
        try
        {
            entry = find(id);
            return entry is null or { Type: JTokenType.Null } ? null : UnionReader.ReadTaskState(id, entry, presets);
        }
        catch (Exception exception)
        {
            // A malformed entry must not affect the entries beside it.
            return new UnknownTaskState { TaskId = id, Raw = entry ?? JValue.CreateNull(), Problem = exception.Message };
        }
    }
}

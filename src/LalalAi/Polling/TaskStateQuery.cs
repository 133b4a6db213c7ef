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

    /// <summary>Sends one check.</summary>
    /// <returns>A state for each ID, in order.</returns>
    public static async Task<IReadOnlyList<TaskState>> SendAsync(
        ILalalAiApiClient raw, LalalAiClientOptions options, IReadOnlyList<TaskId> ids, CancellationToken cancellationToken)
    {
        LalalAiTelemetry.RecordCheck();
        var request = new CheckRequest { TaskIds = [.. ids.Select(id => id.Value)] };
        var find = options.CheckTransport is { } transport
            ? FindIn(await transport(ids, cancellationToken).ConfigureAwait(false))
            : FindIn(await raw.CheckAsync(request, cancellationToken).ConfigureAwait(false));
        var presets = new PresetsReader();
        return [.. ids.Select(id => Read(id, find, presets))];
    }

    // IDs are normalized to lower case, as the service writes them; a stand-in for it may not.
    private static Func<TaskId, JToken?> FindIn(CheckResponse response) => id => response.Result.TryGetValue(id.Value, out var entry)
        ? entry
        : response.Result.FirstOrDefault(other => string.Equals(other.Key, id.Value, StringComparison.OrdinalIgnoreCase)).Value;

    private static Func<TaskId, JToken?> FindIn(IReadOnlyDictionary<TaskId, string>? answer)
    {
        if (answer is null)
        {
            throw new InvalidOperationException($"{nameof(LalalAiClientOptions.CheckTransport)} returned null.");
        }

        return id => answer.TryGetValue(id, out var json) ? Parse(json) : null;
    }

    private static JToken Parse(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        return JToken.ReadFrom(reader);
    }

    private static TaskState Read(TaskId id, Func<TaskId, JToken?> find, PresetsReader presets)
    {
        JToken? entry = null;
        try
        {
            entry = find(id);
            return entry is null or { Type: JTokenType.Null }
                ? new TaskLookupFailed { TaskId = id, Message = "The response did not contain the task." }
                : UnionReader.ReadTaskState(id, entry, presets);
        }
        catch (Exception exception)
        {
            // A malformed entry must not affect the entries beside it.
            return new UnknownTaskState { TaskId = id, Raw = entry ?? JValue.CreateNull(), Problem = exception.Message };
        }
    }
}

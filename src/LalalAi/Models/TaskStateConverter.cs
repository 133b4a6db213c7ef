using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Models;

/// <summary>
/// Reads and writes states in the shape that a check answers with, and the ID of the task as <c>task_id</c>. Fields that the contract does
/// not declare are kept; links are left out.
/// </summary>
internal sealed class TaskStateConverter : JsonConverter<TaskState>
{
    private static readonly JsonSerializer Serializer =
        JsonSerializer.Create(new JsonSerializerSettings { DateParseHandling = DateParseHandling.None });

    public override TaskState? ReadJson(
        JsonReader reader, Type objectType, TaskState? existingValue, bool hasExistingValue, JsonSerializer serializer)
    {
        var token = JToken.ReadFrom(reader);
        if (token.Type == JTokenType.Null)
        {
            return null;
        }

        if (token is not JObject json || (string?)(json["task_id"] as JValue) is not { } taskId)
        {
            throw new JsonSerializationException("The state of a task must be a JSON object with a task_id.");
        }

        json.Remove("task_id");
        var state = UnionReader.ReadTaskState(new TaskId(taskId), json, new PresetsReader());
        return objectType.IsInstanceOfType(state)
            ? state
            : throw new JsonSerializationException($"The state has the status '{json["status"]}', which is not that of {objectType.Name}.");
    }

    public override void WriteJson(JsonWriter writer, TaskState? value, JsonSerializer serializer)
    {
        var json = new JObject { ["task_id"] = value!.TaskId.Value };
        Add(json, value);
        if (value.Raw is JObject raw)
        {
            AddMissing(json, raw);
        }

        SignedLinks.RemoveFrom(json);
        json.WriteTo(writer);
    }

    private static void Add(JObject json, TaskState state)
    {
        switch (state)
        {
            case TaskInProgress progress:
                AddKnown(json, "progress", progress);
                json["progress"] = progress.Percent;
                break;
            case TaskSucceeded succeeded:
                AddKnown(json, "success", succeeded);
                json["result"] = new JObject
                {
                    ["tracks"] = new JArray(succeeded.Tracks.Select(track => InContractShape(JObject.FromObject(track, Serializer)))),
                    ["duration"] = succeeded.Duration is { } duration ? (long)Math.Round(duration.TotalSeconds) : null,
                };
                break;
            case TaskFailed failed:
                AddKnown(json, "error", failed);
                json["error"] = JObject.FromObject(failed.Error, Serializer);
                break;
            case TaskCanceled canceled:
                AddKnown(json, "cancelled", canceled);
                break;
            case TaskLookupFailed lookup:
                json["status"] = "server_error";
                json["error"] = lookup.Message;
                break;
            case UnknownTaskState { Raw: not JObject } unknown:
                json["status"] = unknown.Status;
                break;
        }
    }

    private static void AddKnown(JObject json, string status, KnownTaskState state)
    {
        json["status"] = status;
        json["source_id"] = state.SourceId.Value;
        json["presets"] = JToken.FromObject(state.Presets, Serializer);
    }

    // The contract's tracks are in a list of their task.
    private static JObject InContractShape(JObject track)
    {
        track.Remove("task_id");
        track.Remove("index");
        return track;
    }

    private static void AddMissing(JObject json, JObject raw)
    {
        foreach (var property in raw.Properties())
        {
            if (json[property.Name] is null)
            {
                json.Add(property.Name, property.Value.DeepClone());
            }
            else if (json[property.Name] is JObject inner && property.Value is JObject rawInner && property.Name != "presets")
            {
                AddMissing(inner, rawInner);
            }
        }
    }
}

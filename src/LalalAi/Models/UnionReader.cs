using System.Diagnostics.CodeAnalysis;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Models;

/// <summary>
/// Maps the contract's discriminated unions, which the generated client leaves as JSON, to the library's own cases. The tables are the
/// contract's; a test compares them.
/// </summary>
internal static class UnionReader
{
    private const string NoReason = "the service gave no reason";

    public static readonly IReadOnlyDictionary<string, Type> TaskStates = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["progress"] = typeof(CheckProgressResult),
        ["success"] = typeof(CheckSuccessResult),
        ["error"] = typeof(CheckErrorResult),
        ["cancelled"] = typeof(CheckCanceledResult),
        ["server_error"] = typeof(ServerErrorResult),
    };

    public static readonly IReadOnlyDictionary<string, Type> StartResults = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["success"] = typeof(SuccessfulTaskStart),
        ["error"] = typeof(FailedTaskStart),
    };

    public static readonly IReadOnlyDictionary<string, Type> CancelResults = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["success"] = typeof(CancelSuccess),
        ["server_error"] = typeof(ServerErrorResult),
    };

    private static readonly JsonSerializer Serializer = JsonSerializer.Create(
        new JsonSerializerSettings { ContractResolver = WireContractResolver.Instance, Converters = { new SharedTokenConverter() } });

    /// <summary>Reads the state of a task.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="raw">The response for the task.</param>
    /// <param name="presets">Reads the presets; one instance for all tasks of a response.</param>
    public static TaskState ReadTaskState(TaskId taskId, JToken? raw, PresetsReader presets)
    {
        var status = Discriminator(raw, "status");
        if (!TryRead(raw, status, TaskStates, out var result, out var problem))
        {
            return Unknown();
        }

        try
        {
            return Map(result);
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            return Unknown() with { Problem = exception.Message };
        }

        TaskState Map(object value) => value switch
        {
            CheckProgressResult progress => new TaskInProgress
            {
                TaskId = taskId,
                Raw = raw,
                SourceId = new SourceId(progress.SourceId),
                Presets = presets.Read(progress.Presets),
                Percent = progress.Progress is { } percent ? Math.Min(Math.Max(percent, 0), 100) : null,
            },
            CheckSuccessResult { Result: { Tracks.Count: > 0 } tracks } success => new TaskSucceeded
            {
                TaskId = taskId,
                Raw = raw,
                SourceId = new SourceId(success.SourceId),
                Presets = presets.Read(success.Presets),
                Tracks = [.. tracks.Tracks.Select((track, index) => ReadTrack(taskId, index, track))],
                Duration = ServiceTime.Duration(tracks.Duration),
            },
            CheckErrorResult { Error: { } error } failed => new TaskFailed
            {
                TaskId = taskId,
                Raw = raw,
                SourceId = new SourceId(failed.SourceId),
                Presets = presets.Read(failed.Presets),
                Error = error with { Detail = error.Detail ?? NoReason },
            },
            CheckCanceledResult canceled => new TaskCanceled
            {
                TaskId = taskId,
                Raw = raw,
                SourceId = new SourceId(canceled.SourceId),
                Presets = presets.Read(canceled.Presets),
            },
            ServerErrorResult lookup => new TaskLookupFailed { TaskId = taskId, Raw = raw, Message = lookup.Error ?? NoReason },
            _ => Unknown() with { Problem = "The response lacks fields that its status requires." },
        };

        UnknownTaskState Unknown() => new() { TaskId = taskId, Raw = raw ?? JValue.CreateNull(), Status = status, Problem = problem };
    }

    public static StartResult ReadStartResult(SourceId sourceId, Guid idempotencyKey, JToken? raw)
    {
        var status = Discriminator(raw, "status");
        return TryRead(raw, status, StartResults, out var start, out _) ? Map(start) : Ambiguous();

        StartResult Map(object start) => start switch
        {
            SuccessfulTaskStart success when new TaskId(success.TaskId) is { IsWellFormed: true } task =>
                new StartSucceeded { SourceId = sourceId, IdempotencyKey = idempotencyKey, TaskId = task },
            FailedTaskStart failed => new StartFailed
            {
                SourceId = sourceId,
                IdempotencyKey = idempotencyKey,
                Code = failed.Code,
                Error = failed.Error ?? NoReason,
            },
            _ => Ambiguous(),
        };

        StartAmbiguous Ambiguous() => new()
        {
            SourceId = sourceId,
            IdempotencyKey = idempotencyKey,
            Error = raw is null
                ? "The response omits the start."
                : $"The response for the start could not be parsed: {raw.ToString(Formatting.None)}",
        };
    }

    public static CancelResult ReadCancelResult(TaskId taskId, JToken? raw)
    {
        var status = Discriminator(raw, "status");
        return TryRead(raw, status, CancelResults, out var result, out _) ? Map(result) : Unknown();

        CancelResult Map(object result) => result switch
        {
            CancelSuccess => new CancelSucceeded { TaskId = taskId },
            ServerErrorResult failed => new CancelFailed { TaskId = taskId, Error = failed.Error ?? NoReason },
            _ => Unknown(),
        };

        UnknownCancelResult Unknown() => new() { TaskId = taskId, Raw = raw?.ToString(Formatting.None) };
    }

    // A track without a label or a link was paid for as well: it is reported when it is downloaded, and not left out.
    private static TaskTrack ReadTrack(TaskId taskId, int index, TrackInfo? track) => new()
    {
        TaskId = taskId,
        Index = index,
        Label = track?.Label ?? string.Empty,
        Type = track?.Type ?? default,
        FileName = track?.Name,
        Size = track?.Size,
        Url = TaskTrack.ParseLink(track?.Url),
        AdditionalProperties = track is null ? null : ReadAdditional(track),
    };

    private static AdditionalProperties? ReadAdditional(TrackInfo track)
    {
        AdditionalProperties properties = [];
        Add("playlist_file", track.PlaylistFile is { } playlist ? new JValue(playlist) : null);
        Add("waveform", track.Waveform is { } waveform ? new JValue(waveform) : null);
        foreach (var property in track.AdditionalProperties ?? [])
        {
            Add(property.Key, property.Value);
        }

        return properties.Count > 0 ? properties : null;

        void Add(string name, JToken? value)
        {
            if (value is not null && !SignedLinks.IsIn(value))
            {
                properties[name] = value;
            }
        }
    }

    private static string? Discriminator(JToken? raw, string property) =>
        (raw as JObject)?[property] is JValue { Type: JTokenType.String } value ? (string?)value : null;

    /// <summary>
    /// Reads the member that a discriminator's value selects. What is malformed is not an exception: it must not spoil the entries beside
    /// it.
    /// </summary>
    private static bool TryRead(
        [NotNullWhen(true)] JToken? raw,
        string? value,
        IReadOnlyDictionary<string, Type> table,
        [NotNullWhen(true)] out object? member,
        out string? problem)
    {
        member = null;
        problem = null;
        if (raw is null || value is null || !table.TryGetValue(value, out var type))
        {
            return false;
        }

        try
        {
            member = raw.ToObject(type, Serializer);
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            problem = exception.Message;
        }

        return member is not null;
    }

    private static bool IsMalformed(Exception exception) =>
        exception is JsonException or OverflowException or FormatException or ArgumentException or InvalidCastException;
}

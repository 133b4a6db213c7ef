using System.Diagnostics.CodeAnalysis;
using LalalAi.Generated;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Unions;

/// <summary>
/// Maps the contract's discriminated unions, which the generated client leaves as JSON, to the library's own cases. The tables are what the contract says, value by
/// value; a test holds them against it.
/// </summary>
internal static class UnionReader
{
    private const string NoReason = "no reason was given";

    public static readonly IReadOnlyDictionary<string, Type> TaskStates = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["progress"] = typeof(CheckProgressResult),
        ["success"] = typeof(CheckSuccessResult),
        ["error"] = typeof(CheckErrorResult),
        ["cancelled"] = typeof(CheckCancelledResult),
        ["server_error"] = typeof(ServerErrorResult),
    };

    public static readonly IReadOnlyDictionary<string, Type> SplitPresets = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["stem_separator"] = typeof(StemSeparatorPresets),
        ["demuser"] = typeof(DemuserPresets),
        ["voice_clean"] = typeof(VoiceCleanPresets),
        ["multistem"] = typeof(MultistemPresets),
    };

    /// <summary>The presets by task type; <c>split</c> has a choice of its own, <see cref="SplitPresets"/>.</summary>
    public static readonly IReadOnlyDictionary<string, Type> TaskTypes = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["voice_convert"] = typeof(VoiceChangePresets),
    };

    public static readonly IReadOnlyDictionary<string, Type> TaskStarts = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["success"] = typeof(SuccessfulTaskStart),
        ["error"] = typeof(FailedTaskStart),
    };

    public static readonly IReadOnlyDictionary<string, Type> CancelOutcomes = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["success"] = typeof(CancelSuccess),
        ["server_error"] = typeof(ServerErrorResult),
    };

    private static readonly JsonSerializer Serializer = JsonSerializer.Create(new JsonSerializerSettings { Converters = { new SharedTokenConverter() } });

    public static TaskState ReadTaskState(TaskId id, JToken? raw, RepeatedPresets repeated)
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
                Id = id,
                Raw = raw,
                Source = new SourceId(progress.SourceId),
                Presets = repeated.Read(progress.Presets),
                Percent = progress.Progress,
            },
            CheckSuccessResult { Result: { Tracks.Count: > 0 } tracks } success => new TaskSucceeded
            {
                Id = id,
                Raw = raw,
                Source = new SourceId(success.SourceId),
                Presets = repeated.Read(success.Presets),
                // One without a label or a link was paid for as well: it is reported when it is downloaded, and not left out.
                Tracks = [.. tracks.Tracks.Select(track => new TaskTrack { Task = id, Track = track ?? new Track { Type = default, Label = string.Empty, Url = string.Empty } })],
                Duration = TimeSpan.FromSeconds(tracks.Duration),
            },
            CheckErrorResult { Error: { } error } failed => new TaskFailed
            {
                Id = id,
                Raw = raw,
                Source = new SourceId(failed.SourceId),
                Presets = repeated.Read(failed.Presets),
                Error = error,
            },
            CheckCancelledResult cancelled => new TaskCancelled
            {
                Id = id,
                Raw = raw,
                Source = new SourceId(cancelled.SourceId),
                Presets = repeated.Read(cancelled.Presets),
            },
            ServerErrorResult lookup => new TaskLookupFailed { Id = id, Raw = raw, Message = lookup.Error ?? NoReason },
            _ => Unknown() with { Problem = "It lacks what the status promises." },
        };

        UnknownTaskState Unknown() => new() { Id = id, Raw = raw ?? JValue.CreateNull(), Status = status, Problem = problem };
    }

    public static TaskPresets ReadPresets(JToken? raw)
    {
        var type = Discriminator(raw, "task_type");
        var (value, table) = type == "split" ? (Discriminator(raw, "label"), SplitPresets) : (type, TaskTypes);
        return TryRead(raw, value, table, out var presets, out _) ? Map(presets) : Unknown();

        TaskPresets Map(object presets) => presets switch
        {
            StemSeparatorPresets stemSeparator => new StemSeparatorTaskPresets(stemSeparator) { Raw = raw },
            DemuserPresets demuser => new DemuserTaskPresets(demuser) { Raw = raw },
            VoiceCleanPresets voiceClean => new VoiceCleanTaskPresets(voiceClean) { Raw = raw },
            MultistemPresets multistem => new MultistemTaskPresets(multistem) { Raw = raw },
            VoiceChangePresets voiceChange => new VoiceChangeTaskPresets(voiceChange) { Raw = raw },
            _ => Unknown(),
        };

        UnknownTaskPresets Unknown() => new() { Raw = raw ?? JValue.CreateNull() };
    }

    public static TaskStart ReadTaskStart(SourceId source, Guid idempotencyKey, JToken? raw)
    {
        var status = Discriminator(raw, "status");
        return TryRead(raw, status, TaskStarts, out var start, out _) ? Map(start) : Unknown();

        TaskStart Map(object start) => start switch
        {
            SuccessfulTaskStart success when new TaskId(success.TaskId) is { IsWellFormed: true } task => new TaskStarted { Source = source, IdempotencyKey = idempotencyKey, Raw = raw, Task = task },
            FailedTaskStart failed => new TaskStartFailed { Source = source, IdempotencyKey = idempotencyKey, Raw = raw, Code = failed.Code, Error = failed.Error ?? string.Empty },
            _ => Unknown(),
        };

        UnknownTaskStart Unknown() => new() { Source = source, IdempotencyKey = idempotencyKey, Raw = raw ?? JValue.CreateNull(), Status = status };
    }

    public static CancelOutcome ReadCancelOutcome(TaskId task, JToken? raw)
    {
        var status = Discriminator(raw, "status");
        return TryRead(raw, status, CancelOutcomes, out var outcome, out _) ? Map(outcome) : Unknown();

        CancelOutcome Map(object outcome) => outcome switch
        {
            CancelSuccess => new CancelSucceeded { Task = task, Raw = raw },
            ServerErrorResult failed => new CancelFailed { Task = task, Raw = raw, Error = failed.Error ?? NoReason },
            _ => Unknown(),
        };

        UnknownCancelOutcome Unknown() => new() { Task = task, Raw = raw ?? JValue.CreateNull(), Status = status };
    }

    private static string? Discriminator(JToken? raw, string property) => (raw as JObject)?[property] is JValue { Type: JTokenType.String } value ? (string?)value : null;

    /// <summary>Reads the member that a discriminator's value selects. What is malformed is no exception: it must not spoil the entries beside it.</summary>
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

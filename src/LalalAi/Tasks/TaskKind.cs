using LalalAi.Generated;

namespace LalalAi.Tasks;

/// <summary>
/// A kind of task: the operation that starts it, and the rules of its presets. A new kind is a new row of
/// <see cref="Kinds"/>.
/// </summary>
internal sealed class TaskKind
{
    private static readonly Dictionary<Type, TaskKind> Kinds = new()
    {
        [typeof(StemSeparatorPresets)] = Of<StemSeparatorPresets, StemSeparatorSplitParameters>(
            "SplitStemSeparator",
            PresetRules.Check,
            (source, presets, key) => new() { SourceId = source, Presets = presets, IdempotencyKey = key },
            async (raw, body, token) => (await raw.SplitStemSeparatorAsync(body, token).ConfigureAwait(false)).TaskId,
            (raw, items, token) => raw.SplitBatchStemSeparatorAsync(new() { Items = items }, token)),
        [typeof(MultistemPresets)] = Of<MultistemPresets, MultistemSplitParameters>(
            "SplitMultistem",
            PresetRules.Check,
            (source, presets, key) => new() { SourceId = source, Presets = presets, IdempotencyKey = key },
            async (raw, body, token) => (await raw.SplitMultistemAsync(body, token).ConfigureAwait(false)).TaskId),
        [typeof(DemuserPresets)] = Of<DemuserPresets, DemuserSplitParameters>(
            "SplitDemuser",
            PresetRules.Check,
            (source, presets, key) => new() { SourceId = source, Presets = presets, IdempotencyKey = key },
            async (raw, body, token) => (await raw.SplitDemuserAsync(body, token).ConfigureAwait(false)).TaskId,
            (raw, items, token) => raw.SplitBatchDemuserAsync(new() { Items = items }, token)),
        [typeof(VoiceCleanPresets)] = Of<VoiceCleanPresets, VoiceCleanSplitParameters>(
            "SplitVoiceClean",
            PresetRules.Check,
            (source, presets, key) => new() { SourceId = source, Presets = presets, IdempotencyKey = key },
            async (raw, body, token) => (await raw.SplitVoiceCleanAsync(body, token).ConfigureAwait(false)).TaskId,
            (raw, items, token) => raw.SplitBatchVoiceCleanAsync(new() { Items = items }, token)),
        [typeof(VoiceChangePresets)] = Of<VoiceChangePresets, VoiceChangeParameters>(
            "ChangeVoice",
            PresetRules.Check,
            (source, presets, key) => new() { SourceId = source, Presets = presets, IdempotencyKey = key },
            async (raw, body, token) => (await raw.ChangeVoiceAsync(body, token).ConfigureAwait(false)).TaskId),
    };

    private TaskKind(
        string operation,
        Func<TaskPresets, string?> findProblem,
        Func<ILalalAiApiClient, StartRequest, CancellationToken, Task<string>> startAsync,
        Func<ILalalAiApiClient, IReadOnlyList<StartRequest>, CancellationToken, Task<BatchTasksResponse>>? startBatchAsync)
    {
        Operation = operation;
        FindProblem = findProblem;
        StartAsync = startAsync;
        StartBatchAsync = startBatchAsync;
    }

    /// <summary>The name of the operation, for telemetry and messages.</summary>
    public string Operation { get; }

    /// <summary>Returns why the presets cannot be combined, or <see langword="null"/>.</summary>
    public Func<TaskPresets, string?> FindProblem { get; }

    /// <summary>Starts one task and returns its ID.</summary>
    public Func<ILalalAiApiClient, StartRequest, CancellationToken, Task<string>> StartAsync { get; }

    /// <summary>Starts up to 100 tasks, or <see langword="null"/> for kinds without batches.</summary>
    public Func<ILalalAiApiClient, IReadOnlyList<StartRequest>, CancellationToken, Task<BatchTasksResponse>>? StartBatchAsync { get; }

    /// <summary>Returns the kind of task that the presets are for.</summary>
    /// <exception cref="ArgumentException">No task can be started with the presets.</exception>
    public static TaskKind Of(TaskPresets presets) =>
        Kinds.TryGetValue((presets ?? throw new ArgumentNullException(nameof(presets))).GetType(), out var kind)
            ? kind
            : throw new ArgumentException(
                $"No task can be started with {presets.GetType().Name}. "
                    + $"Use {nameof(ILalalAiClient.SendAsync)} for operations that this version of the library does not know.",
                nameof(presets));

    /// <summary>Checks presets before anything is sent.</summary>
    /// <exception cref="ArgumentException">No task can be started with the presets, or they cannot be combined.</exception>
    public static void Validate(TaskPresets presets, bool checkRules)
    {
        var kind = Of(presets);
        if (checkRules && kind.FindProblem(presets) is { } problem)
        {
            throw new ArgumentException(problem, nameof(presets));
        }
    }

    private static TaskKind Of<TPresets, TBody>(
        string operation,
        Func<TPresets, string?> findProblem,
        Func<string, TPresets, string, TBody> createBody,
        Func<ILalalAiApiClient, TBody, CancellationToken, Task<string>> startAsync,
        Func<ILalalAiApiClient, IReadOnlyList<TBody>, CancellationToken, Task<BatchTasksResponse>>? startBatchAsync = null)
        where TPresets : TaskPresets
    {
        TBody Body(StartRequest start) => createBody(start.SourceId.Value, (TPresets)start.Presets, start.IdempotencyKey!.Value.ToString());
        return new TaskKind(
            operation,
            presets => findProblem((TPresets)presets),
            (raw, start, token) => startAsync(raw, Body(start), token),
            startBatchAsync is null ? null : (raw, starts, token) => startBatchAsync(raw, [.. starts.Select(Body)], token));
    }
}

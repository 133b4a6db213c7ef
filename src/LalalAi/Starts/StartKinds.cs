using LalalAi.Generated;

namespace LalalAi.Starts;

/// <summary>One kind of task: how it is started, and what the contract says about its presets.</summary>
internal sealed record StartKind<TPresets>
    where TPresets : class
{
    /// <summary>The operation's name, for telemetry and messages.</summary>
    public required string Operation { get; init; }

    /// <summary>Starts one task; the last string is the idempotency key.</summary>
    public required Func<ILalalAiApiClient, SourceId, TPresets, string, CancellationToken, Task<string>> StartAsync { get; init; }

    /// <summary>Starts up to 100 tasks, or <see langword="null"/> for kinds without batches.</summary>
    public Func<ILalalAiApiClient, IReadOnlyList<BatchItem<TPresets>>, CancellationToken, Task<BatchTasksResponse>>? StartBatchAsync { get; init; }

    /// <summary>Returns what does not go together in the presets, or <see langword="null"/>.</summary>
    public required Func<TPresets, string?> Validate { get; init; }

    /// <summary>Returns the number of stems that a task is charged for.</summary>
    public Func<TPresets, int> CountStems { get; init; } = _ => 1;
}

/// <summary>The kinds of task that the service has.</summary>
internal static class StartKinds
{
    public static readonly StartKind<StemSeparatorPresets> StemSeparator = new()
    {
        Operation = "SplitStemSeparator",
        Validate = PresetRules.Check,
        StartAsync = async (raw, source, presets, key, token) =>
            (await raw.SplitStemSeparatorAsync(new StemSeparatorSplitParameters { SourceId = source.Value, Presets = presets, IdempotencyKey = key }, token).ConfigureAwait(false)).TaskId,
        StartBatchAsync = (raw, items, token) => raw.SplitBatchStemSeparatorAsync(
            new BatchStemSeparatorSplitParameters
            {
                Items = [.. items.Select(item => new StemSeparatorSplitParameters { SourceId = item.Source.Value, Presets = item.Presets, IdempotencyKey = item.IdempotencyKey.ToString() })],
            },
            token),
    };

    public static readonly StartKind<MultistemPresets> Multistem = new()
    {
        Operation = "SplitMultistem",
        CountStems = presets => Math.Max(1, presets.StemList.Count),
        Validate = PresetRules.Check,
        StartAsync = async (raw, source, presets, key, token) =>
            (await raw.SplitMultistemAsync(new MultistemSplitParameters { SourceId = source.Value, Presets = presets, IdempotencyKey = key }, token).ConfigureAwait(false)).TaskId,
    };

    public static readonly StartKind<DemuserPresets> Demuser = new()
    {
        Operation = "SplitDemuser",
        Validate = PresetRules.Check,
        StartAsync = async (raw, source, presets, key, token) =>
            (await raw.SplitDemuserAsync(new DemuserSplitParameters { SourceId = source.Value, Presets = presets, IdempotencyKey = key }, token).ConfigureAwait(false)).TaskId,
        StartBatchAsync = (raw, items, token) => raw.SplitBatchDemuserAsync(
            new BatchDemuserSplitParameters
            {
                Items = [.. items.Select(item => new DemuserSplitParameters { SourceId = item.Source.Value, Presets = item.Presets, IdempotencyKey = item.IdempotencyKey.ToString() })],
            },
            token),
    };

    public static readonly StartKind<VoiceCleanPresets> VoiceClean = new()
    {
        Operation = "SplitVoiceClean",
        Validate = PresetRules.Check,
        StartAsync = async (raw, source, presets, key, token) =>
            (await raw.SplitVoiceCleanAsync(new VoiceCleanSplitParameters { SourceId = source.Value, Presets = presets, IdempotencyKey = key }, token).ConfigureAwait(false)).TaskId,
        StartBatchAsync = (raw, items, token) => raw.SplitBatchVoiceCleanAsync(
            new BatchVoiceCleanSplitParameters
            {
                Items = [.. items.Select(item => new VoiceCleanSplitParameters { SourceId = item.Source.Value, Presets = item.Presets, IdempotencyKey = item.IdempotencyKey.ToString() })],
            },
            token),
    };

    public static readonly StartKind<VoiceChangePresets> VoiceChange = new()
    {
        Operation = "ChangeVoice",
        Validate = PresetRules.Check,
        StartAsync = async (raw, source, presets, key, token) =>
            (await raw.ChangeVoiceAsync(new VoiceChangeParameters { SourceId = source.Value, Presets = presets, IdempotencyKey = key }, token).ConfigureAwait(false)).TaskId,
    };
}

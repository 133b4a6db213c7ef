namespace LalalAi;

/// <summary>One start of a batch.</summary>
/// <typeparam name="TPresets">The presets of the kind of task.</typeparam>
/// <param name="Source">The source.</param>
/// <param name="Presets">What to do with it.</param>
/// <param name="IdempotencyKey">The key by which the service recognizes a repeated start. By default a new one.</param>
public sealed record BatchItem<TPresets>(SourceId Source, TPresets Presets, Guid? IdempotencyKey = null);

namespace LalalAi;

/// <summary>One start of a batch.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="Presets">The parameters of the task.</param>
/// <param name="IdempotencyKey">The key that lets the service recognize a retried start. A new one by default.</param>
public sealed record StartRequest(SourceId SourceId, TaskPresets Presets, Guid? IdempotencyKey = null);

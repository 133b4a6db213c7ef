namespace LalalAi;

/// <summary>What a job does.</summary>
/// <param name="Source">The recording, as <see cref="IJobFiles.OpenAsync"/> takes it: a path in the shared folder or a URL by
/// default.</param>
/// <param name="Presets">The parameters of the task.</param>
public sealed record JobRequest(string Source, TaskPresets Presets)
{
    /// <summary>
    /// The name of the job within its catalog. The idempotency key is derived from it. <see cref="Source"/> by default.
    /// </summary>
    public string Name { get; init; } = Source;
}

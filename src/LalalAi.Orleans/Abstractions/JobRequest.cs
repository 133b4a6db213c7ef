namespace LalalAi;

/// <summary>What a job does.</summary>
/// <param name="Source">The recording, as <see cref="IJobFiles.OpenAsync"/> takes it: a path in the shared folder or a URL by
/// default.</param>
/// <param name="Presets">What is done with it.</param>
public sealed record JobRequest(string Source, TaskPresets Presets)
{
    /// <summary>
    /// The name of the job within its catalog, which its idempotency key is derived from. <see cref="Source"/> by default.
    /// </summary>
    public string Name { get; init; } = Source;
}

namespace LalalAi;

/// <summary>The recording and the task of a job.</summary>
/// <param name="Source">The recording, passed to <see cref="IJobFiles.OpenAsync"/>. By default, a path in the shared folder or a
/// URL.</param>
/// <param name="Presets">The parameters of the task.</param>
public sealed record JobRequest(string Source, TaskPresets Presets)
{
    /// <summary>
    /// The name of the job within its catalog. The idempotency key is derived from it. <see cref="Source"/> by default.
    /// </summary>
    public string Name { get; init; } = Source;

    /// <summary>
    /// The <see cref="LalalAiClusterOptions.Location"/> of the silos that have the recording. The job is placed on one of them, and waits
    /// until there is one. <see langword="null"/>, the default, if all silos have it.
    /// </summary>
    public string? Location { get; init; }
}

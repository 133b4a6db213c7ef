namespace LalalAi.AI;

/// <summary>
/// The progress of a job while a call waits for it. A host that adds an <see cref="IProgress{T}"/> of this type to the context of a call
/// receives it, on any thread.
/// </summary>
/// <param name="Job">The ID of the job.</param>
/// <param name="Status">The status, as results contain it, for example <c>processing</c>.</param>
/// <param name="Percent">The finished part of the phase, from 0 to 100, or <see langword="null"/> if it is not known.</param>
public sealed record JobProgress(string Job, string Status, int? Percent);

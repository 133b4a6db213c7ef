namespace LalalAi.Sandbox;

/// <summary>The data that <see cref="SandboxServer.SeedAsync"/> created.</summary>
/// <param name="Sources">The IDs of the sources by file name.</param>
/// <param name="TaskIds">The IDs of the running tasks, in the order in which they finish.</param>
public sealed record SeededLicense(IReadOnlyDictionary<string, Guid> Sources, IReadOnlyList<Guid> TaskIds);

namespace LalalAi.Sandbox;

/// <summary>What <see cref="SandboxServer.SeedAsync"/> has made.</summary>
/// <param name="Sources">The IDs of the sources by file name.</param>
/// <param name="TaskIds">The IDs of the running tasks, in the order in which they end.</param>
public sealed record SeededLicense(IReadOnlyDictionary<string, Guid> Sources, IReadOnlyList<Guid> TaskIds);

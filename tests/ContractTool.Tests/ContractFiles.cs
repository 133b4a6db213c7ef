namespace LalalAi.ContractTool.Tests;

/// <summary>The contract and overlay that this repository is built from.</summary>
internal static class ContractFiles
{
    public static string Contract { get; } = Path.Combine(RepositoryRoot.Path, "openapi", "lalalai.yml");

    /// <summary>Null while there is none.</summary>
    public static string? Overlay { get; } = Path.Combine(RepositoryRoot.Path, "openapi", "csharp.overlay.yml") is var path && File.Exists(path) ? path : null;
}

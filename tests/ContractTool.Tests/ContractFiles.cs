using System.Reflection;

namespace LalalAi.ContractTool.Tests;

/// <summary>The contract and overlay that this repository is built from.</summary>
internal static class ContractFiles
{
    private static readonly string Root = typeof(ContractFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string Contract { get; } = Path.Combine(Root, "openapi", "lalalai.yml");

    /// <summary>Null while there is none.</summary>
    public static string? Overlay { get; } = Path.Combine(Root, "openapi", "csharp.overlay.yml") is var path && File.Exists(path) ? path : null;
}

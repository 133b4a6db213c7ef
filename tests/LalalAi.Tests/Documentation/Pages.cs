namespace LalalAi.Tests.Documentation;

/// <summary>The Markdown pages of the project.</summary>
internal static class Pages
{
    public static IReadOnlyList<Page> All { get; } =
    [
        .. new[] { "", ".github", "docs", "src", "samples" }
            .SelectMany(folder => Directory.EnumerateFiles(
                Path.Combine(RepositoryRoot.Path, folder), "*.md", folder.Length == 0 ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(path => new Page(path, Read(path))),
    ];

    public static Page Readme { get; } = All.Single(page => page.Name == "README.md");

    public static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");
}

/// <summary>A page.</summary>
internal sealed record Page(string Path, string Text)
{
    /// <summary>The path from the root of the repository, with slashes.</summary>
    public string Name { get; } = System.IO.Path.GetRelativePath(RepositoryRoot.Path, Path).Replace('\\', '/');
}

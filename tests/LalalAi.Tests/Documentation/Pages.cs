namespace LalalAi.Tests.Documentation;

/// <summary>The Markdown pages of the project.</summary>
internal static class Pages
{
    public static IReadOnlyList<Page> All { get; } = [.. Find("*.md", "", ".github", "docs", "samples", "src").OrderBy(page => page.Name, StringComparer.Ordinal)];

    public static Page Readme { get; } = All.Single(page => page.Name == "README.md");

    /// <summary>Finds text files in folders; in the root itself for an empty name.</summary>
    public static IEnumerable<Page> Find(string pattern, params string[] folders) =>
        from folder in folders
        let depth = folder.Length == 0 ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories
        from path in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), pattern, depth)
        let page = new Page(path)
        where !page.Name.Split('/').Any(part => part is "bin" or "obj" or "TestResults" or "StrykerOutput")
        select page;

    public static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");
}

/// <summary>A page.</summary>
internal sealed record Page(string Path)
{
    public string Text => Pages.Read(Path);

    /// <summary>The path from the root of the repository, with slashes.</summary>
    public string Name { get; } = System.IO.Path.GetRelativePath(RepositoryRoot.Path, Path).Replace('\\', '/');
}

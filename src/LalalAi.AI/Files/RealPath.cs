namespace LalalAi.AI.Files;

/// <summary>Resolves all links in paths, and compares the results.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    private static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Returns a full path without links. Components that do not exist are kept.</summary>
    /// <exception cref="IOException">The links form a cycle.</exception>
    public static string Resolve(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var real = root;
        var pending = new Stack<string>();
        Push(path[root.Length..]);
        for (var links = 0; pending.TryPop(out var component);)
        {
            if (component == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, component);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (entry.LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException("The path has too many links.");
            }

            var targetRoot = Path.GetPathRoot(target)!;
            real = targetRoot.Length > 0 ? targetRoot : real;
            Push(target[targetRoot.Length..]);
        }

        return real;

        void Push(string components)
        {
            foreach (var component in components.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                if (component != ".")
                {
                    pending.Push(component);
                }
            }
        }
    }

    /// <summary>Whether a path without links is in a folder without links.</summary>
    public static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, Comparison);

    /// <summary>Whether two paths without links are the same.</summary>
    public static bool AreEqual(string first, string? second) => string.Equals(first, second, Comparison);
}

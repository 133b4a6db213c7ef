namespace LalalAi.Cli.Journal;

/// <summary>
/// Paths below an output folder as the journal writes them: with slashes on every system, so that a folder can move from one system to
/// another.
/// </summary>
internal static class JournalPath
{
    public static string Relative(string directory, string path) =>
        Path.GetRelativePath(directory, path).Replace(Path.DirectorySeparatorChar, '/');

    public static string Full(string directory, string relative) => Path.GetFullPath(Path.Combine(directory, Normalize(relative)));

    /// <summary>Reads both kinds of separators. Names in an output folder contain neither.</summary>
    public static string Normalize(string relative) => relative.Replace('\\', '/');
}

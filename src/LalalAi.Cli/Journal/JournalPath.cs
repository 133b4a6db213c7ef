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

    /// <summary>Checks that a path stays below the output folder on every system.</summary>
    /// <exception cref="InvalidDataException">It does not, or it may not.</exception>
    public static void Validate(string relative)
    {
        if (relative.AsSpan().ContainsAny(':', '\0') || Normalize(relative).Split('/').Any(name => name.Trim(' ', '.').Length == 0))
        {
            throw new InvalidDataException($"the path '{relative}' may lead out of the output folder");
        }
    }
}

namespace LalalAi.Downloads.Naming;

/// <summary>Renames files atomically. Links are not followed.</summary>
internal static class AtomicMove
{
    /// <summary>Moves a file, unless the new name exists.</summary>
    /// <returns>Whether it was moved.</returns>
    public static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && Exists(from) && Exists(to))
        {
            return false;
        }
    }

    /// <summary>Moves a file and replaces a file that has the new name.</summary>
    public static void Replace(string from, string to)
    {
#if NET
        File.Move(from, to, overwrite: true);
#else
        if (!TryMove(from, to))
        {
            File.Replace(from, to, null);
        }
#endif
    }

    /// <summary>Whether the name exists, as a file, a folder, or a link, even a broken one.</summary>
    public static bool Exists(string path) => (int)new FileInfo(path).Attributes != -1;
}

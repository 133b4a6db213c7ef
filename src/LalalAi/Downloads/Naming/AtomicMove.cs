namespace LalalAi.Downloads.Naming;

/// <summary>Renames files in one step. Links are never followed: it is the name that changes its meaning.</summary>
internal static class AtomicMove
{
    /// <summary>Moves a file, unless something has the new name.</summary>
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

    /// <summary>Whether anything has the name: a file, a folder, or a link, even one that leads nowhere.</summary>
    public static bool Exists(string path) => (int)new FileInfo(path).Attributes != -1;
}

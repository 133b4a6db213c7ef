namespace LalalAi.Downloads.Naming;

/// <summary>Renames files atomically. Links are not followed.</summary>
internal static class AtomicMove
{
    /// <summary>Moves a file, unless the new name exists. On Unix, .NET checks this immediately before it renames.</summary>
    /// <param name="from">The name of the file.</param>
    /// <param name="to">The new name.</param>
    /// <param name="retries">How often to retry a failure that has another reason.</param>
    /// <returns>Whether it was moved.</returns>
    public static bool TryMove(string from, string to, int retries = 2)
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
        catch (IOException) when (retries > 0 && Exists(from))
        {
            // The new name existed a moment ago.
            return TryMove(from, to, retries - 1);
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

namespace LalalAi.Cli.Journal;

/// <summary>Files that one process opens at a time.</summary>
internal static class FileLock
{
    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] Results = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Whether a file could not be opened because another process has it open.</summary>
    public static bool IsHeld(Exception exception) => exception is IOException && Results.Contains(exception.HResult);
}

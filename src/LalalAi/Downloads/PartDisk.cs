namespace LalalAi.Downloads;

/// <summary>Opens the files of unfinished downloads. Tests put a full disk in its place.</summary>
internal class PartDisk
{
    /// <summary>Opens a file without a buffer, so that what was received is in it when the process dies.</summary>
    public virtual FileStream Open(string path, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None) =>
        new(path, mode, access, share, bufferSize: 1, options);
}

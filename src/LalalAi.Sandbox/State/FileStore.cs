namespace LalalAi.Sandbox.State;

/// <summary>
/// The folder with the uploaded files, their tracks, and the saved state. It is locked while a sandbox uses it. The temporary folders of
/// killed sandboxes are not locked, and the next sandbox with a temporary folder deletes them.
/// </summary>
internal sealed class FileStore : IDisposable
{
    private const string TemporaryPrefix = "lalalai-sandbox-";
    private const string LockExtension = ".lock";

    private readonly bool _temporary;
    private readonly FileStream _lock;

    public FileStore(string? directory)
    {
        _temporary = directory is null;
        if (directory is null)
        {
            DeleteAbandoned();

            // Locked before it is created, so that another sandbox does not delete it as abandoned.
            (Root, _lock) = LockTemporary();
            CreatePrivate(Root);
        }
        else if (File.Exists(directory))
        {
            throw new IOException($"'{directory}' is a file. The state needs a folder.");
        }
        else
        {
            Root = Directory.CreateDirectory(directory).FullName;
            _lock = LockShared(Root);
        }
    }

    public string Root { get; }

    /// <summary>The file with the saved state; null when the state is not saved.</summary>
    public string? StatePath => _temporary ? null : Path.Combine(Root, "sandbox.json");

    public string SourcePath(Guid sourceId) => Path.Combine(Root, $"source-{sourceId:N}");

    /// <summary>The decoded audio of a compressed source.</summary>
    public string DecodedPath(Guid sourceId) => Path.Combine(Root, $"decoded-{sourceId:N}");

    /// <summary>The decoded audio of a compressed track.</summary>
    public string DecodedPath(Guid taskId, int index) => Path.Combine(Root, $"decoded-{taskId:N}-{index}");

    /// <param name="taskId">The task that the track belongs to.</param>
    /// <param name="index">The index of the track in the task. Labels may not be valid file names.</param>
    public string TrackPath(Guid taskId, int index) => Path.Combine(Root, $"track-{taskId:N}-{index}");

    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Some systems cannot delete a file while a download reads it. Its links no longer work, and the folder is deleted later.
        }
    }

    public void Dispose()
    {
        if (_temporary)
        {
            DeleteFolder(Root);
        }

        _lock.Dispose();
    }

    private static void DeleteAbandoned()
    {
        foreach (var path in Directory.EnumerateFiles(Path.GetTempPath(), $"{TemporaryPrefix}*{LockExtension}"))
        {
            try
            {
                using var abandoned = Lock(path, FileMode.Open);
                DeleteFolder(path[..^LockExtension.Length]);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The folder is in use, or belongs to another user.
            }
        }
    }

    private static void DeleteFolder(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process has a file open. Disposal must not fail because of it; the system cleans up temporary folders too.
        }
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static (string Path, FileStream Lock) LockTemporary()
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = Path.Combine(Path.GetTempPath(), $"{TemporaryPrefix}{Guid.NewGuid():N}");
            try
            {
                return (path, Lock(path + LockExtension, FileMode.CreateNew));
            }
            catch (IOException) when (attempt < 10)
            {
                // Another sandbox that deletes abandoned folders may lock the file between its creation and its lock.
            }
        }
    }

    private static FileStream LockShared(string directory)
    {
        try
        {
            return Lock(Path.Combine(directory, $"sandbox{LockExtension}"), FileMode.OpenOrCreate);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"The folder '{directory}' is in use by another sandbox. Stop that one, or choose another folder.", exception);
        }
    }

    private static FileStream Lock(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
}

namespace LalalAi.Sandbox.State;

/// <summary>The folder with the uploaded files, the tracks made of them, and what is to be remembered of both.</summary>
internal sealed class FileStore : IDisposable
{
    private readonly bool _temporary;
    private readonly FileStream? _lock;

    public FileStore(string? directory)
    {
        _temporary = directory is null;
        Root = directory is null ? Directory.CreateTempSubdirectory("lalalai-sandbox-").FullName : Directory.CreateDirectory(directory).FullName;
        _lock = _temporary ? null : Lock(Path.Combine(Root, "sandbox.lock"));
    }

    public string Root { get; }

    /// <summary>The file with what is to be remembered; null when nothing is.</summary>
    public string? StatePath => _temporary ? null : Path.Combine(Root, "sandbox.json");

    public string SourcePath(Guid sourceId) => Path.Combine(Root, $"source-{sourceId:N}");

    /// <param name="taskId">The task that the track belongs to.</param>
    /// <param name="index">The track's place in the task: labels come from the contract and need not be file names.</param>
    public string TrackPath(Guid taskId, int index) => Path.Combine(Root, $"track-{taskId:N}-{index}");

    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Some systems refuse while a download reads the file. Links to it are dead already, and the folder goes as a whole.
        }
    }

    public void Dispose()
    {
        if (!_temporary)
        {
            _lock?.Dispose();
            return;
        }

        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Disposal must not fail over a file that somebody else holds open; the system's own clean-up of temporary folders gets it.
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (IOException exception)
        {
            throw new IOException($"The folder '{Path.GetDirectoryName(path)}' is in use by another sandbox. End that one, or choose another folder.", exception);
        }
    }
}

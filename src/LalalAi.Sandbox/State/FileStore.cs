namespace LalalAi.Sandbox.State;

/// <summary>The folder with the uploaded files and the tracks made of them.</summary>
internal sealed class FileStore : IDisposable
{
    private readonly string _root;
    private readonly bool _temporary;

    public FileStore(string? directory)
    {
        _temporary = directory is null;
        _root = directory is null ? Directory.CreateTempSubdirectory("lalalai-sandbox-").FullName : Directory.CreateDirectory(directory).FullName;
    }

    public string SourcePath(Guid sourceId) => Path.Combine(_root, $"source-{sourceId:N}");

    /// <param name="taskId">The task that the track belongs to.</param>
    /// <param name="index">The track's place in the task: labels come from the contract and need not be file names.</param>
    public string TrackPath(Guid taskId, int index) => Path.Combine(_root, $"track-{taskId:N}-{index}");

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
            return;
        }

        try
        {
            Directory.Delete(_root, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Disposal must not fail over a file that somebody else holds open; the system's own clean-up of temporary folders gets it.
        }
    }
}

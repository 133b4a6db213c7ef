namespace LalalAi.Downloads;

/// <summary>A folder for tracks, and how files in it are named.</summary>
internal sealed record DownloadDestination(string Directory, NameTemplate? Template, ExistingFileBehavior Existing)
{
    /// <summary>Reads what the caller wants.</summary>
    /// <exception cref="ArgumentException">The folder is not a valid path, or the template is not valid.</exception>
    public static DownloadDestination Of(string directory, DownloadOptions? options)
    {
        if (directory is null)
        {
            throw new ArgumentNullException(nameof(directory));
        }

        if (directory.Trim().Length == 0 || directory.Contains('\0'))
        {
            throw new ArgumentException("The folder is empty or not a valid path. Use . for the current folder.", nameof(directory));
        }

        return new DownloadDestination(Path.GetFullPath(directory), NameTemplate.Parse(options?.NameTemplate), options?.ExistingFile ?? ExistingFileBehavior.Rename);
    }

    /// <summary>Creates the folder, and verifies that a file can be written to it: before anything is paid for.</summary>
    /// <exception cref="IOException">The folder cannot be created or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the folder is denied.</exception>
    public void Prepare()
    {
        System.IO.Directory.CreateDirectory(Directory);
        var probe = Path.Combine(Directory, $".lalalai-{Guid.NewGuid():N}");
        using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose))
        {
        }
    }
}

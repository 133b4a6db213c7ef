using LalalAi.Downloads.Naming;

namespace LalalAi.Downloads;

/// <summary>A folder for tracks, and the naming of its files.</summary>
internal sealed record DownloadDestination(string Directory, string? FileName, NameTemplate? Template, ExistingFileBehavior Existing)
{
    private static readonly object Probing = new();

    /// <summary>Validates the options of the caller.</summary>
    /// <exception cref="ArgumentException">The folder, the name or the template is not valid.</exception>
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

        var template = NameTemplate.Parse(options?.NameTemplate);
        if (options?.FileName is { } fileName)
        {
            CheckFileName(fileName, hasTemplate: template is not null);
        }

        var existing = options?.ExistingFile ?? ExistingFileBehavior.Rename;
        return new DownloadDestination(Path.GetFullPath(directory), options?.FileName, template, existing);
    }

    /// <summary>Creates the folder, and verifies that a file can be written to it, before anything is paid for.</summary>
    /// <exception cref="IOException">The folder cannot be created or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the folder is denied.</exception>
    public void Prepare()
    {
        System.IO.Directory.CreateDirectory(Directory);

        // The same name for all processes, so that the next process deletes the file of a killed one.
        var probe = Path.Combine(Directory, ".lalalai-probe");
        lock (Probing)
        {
            const FileShare Everything = FileShare.ReadWrite | FileShare.Delete;
            using var file = new FileStream(
                probe, FileMode.OpenOrCreate, FileAccess.Write, Everything, bufferSize: 1, FileOptions.DeleteOnClose);
        }
    }

    private static void CheckFileName(string fileName, bool hasTemplate)
    {
        if (hasTemplate)
        {
            throw new ArgumentException(
                $"{nameof(DownloadOptions.FileName)} and {nameof(DownloadOptions.NameTemplate)} are both set. Set one of them.");
        }

        // A backslash is a separator on Windows only, but a file with one in its name cannot be copied there.
        if (fileName.Trim().Length == 0 || fileName is "." or ".." || fileName.IndexOfAny(['/', '\\', '\0']) >= 0)
        {
            throw new ArgumentException(
                $"{nameof(DownloadOptions)}.{nameof(DownloadOptions.FileName)} is '{fileName}', which is not the name of a file. "
                + "Pass the folder separately.");
        }
    }
}

namespace LalalAi.Cli.Inputs;

/// <summary>A recording to process.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Folder">The folder of the file, relative to the argument that it belongs to; empty at the top. The tracks mirror
/// it.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="ModifiedAt">The time of the last change of the content.</param>
internal sealed record InputFile(string Path, string Folder, long Size, DateTimeOffset ModifiedAt)
{
    /// <summary>The file's name.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Reads the properties of a file, and follows links.</summary>
    /// <exception cref="IOException">The file cannot be accessed.</exception>
    public static InputFile Read(string path, string folder)
    {
        var link = new FileInfo(path);
        var file = link.LinkTarget is null ? link : link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        return file is { Exists: true }
            ? new InputFile(path, folder, file.Length, new DateTimeOffset(file.LastWriteTimeUtc))
            : throw new IOException(
                link.LinkTarget is { } target ? $"The link points to '{target}', which does not exist." : "The file does not exist.");
    }
}

/// <summary>A file or folder that cannot be accessed.</summary>
internal sealed record InputProblem(string Path, string Message);

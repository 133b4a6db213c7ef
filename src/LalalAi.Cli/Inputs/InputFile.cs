using System.Formats.Tar;
using LalalAi.Cli.Failures;

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
                link.LinkTarget is { } target ? $"The link points to '{target}', which does not exist or is not a file."
                : "The file does not exist.");
    }

    /// <summary>Checks that there is something to upload.</summary>
    /// <exception cref="UsageException">The file is empty, or it is not a regular file.</exception>
    public void RequireContent()
    {
        // Pipes and devices have no size either.
        if (Size == 0)
        {
            throw new UsageException(IsRegular()
                ? "The file is empty."
                : "It is a pipe or a device, not a regular file. Save its content to a file first.");
        }
    }

    // The tar writer is the part of .NET that looks at the type of a file. Opening a pipe would wait for its other end.
    private bool IsRegular()
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            writer.WriteEntry(File.ResolveLinkTarget(Path, returnFinalTarget: true)?.FullName ?? Path, entryName: "file");
        }

        archive.Position = 0;
        return new TarReader(archive).GetNextEntry()!.EntryType == TarEntryType.RegularFile;
    }
}

/// <summary>A file or folder that cannot be accessed.</summary>
internal sealed record InputProblem(string Path, string Message)
{
    public static InputProblem Of(string path, Exception exception) => new(path, FindNameProblem(path) ?? exception.Message);

    /// <summary>Returns why no file of this name can be opened, or <see langword="null"/>.</summary>
    // .NET reads bytes that are not UTF-8 as this character.
    public static string? FindNameProblem(string path) =>
        path.Contains('\uFFFD') ? "The name is not valid UTF-8, so it cannot be opened. Rename it." : null;
}

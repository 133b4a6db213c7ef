using System.Globalization;
using System.Text;
using LalalAi.AI.Results;

namespace LalalAi.AI.Files;

/// <summary>
/// The folders whose recordings may be read. A path comes from an agent, and may have been injected by a text that the agent has read. It
/// is therefore resolved component by component, and the opened file is compared with the checked file.
/// </summary>
internal sealed class AllowedFolders
{
    private const int MaxPathLength = 1024;

    private readonly IReadOnlyList<string> _folders;

    /// <exception cref="ArgumentException">The list is empty, or a folder does not exist.</exception>
    public AllowedFolders(IReadOnlyList<string> folders)
    {
        if (folders.Count == 0)
        {
            throw new ArgumentException("No folder is allowed. Name the folders with the recordings.");
        }

        _folders = [.. folders.Select(folder => Directory.Exists(folder)
            ? RealPath.Resolve(Path.GetFullPath(folder))
            : throw new ArgumentException($"The allowed folder '{folder}' does not exist."))];
    }

    /// <summary>Opens a recording. The name of the stream is its real path.</summary>
    /// <param name="path">The path, as the caller wrote it.</param>
    /// <exception cref="LalalAiFunctionException">It is not a recording below an allowed folder.</exception>
    public FileStream Open(string path)
    {
        if (path.Length is 0 or > MaxPathLength || !IsPlainText(path))
        {
            throw new LalalAiFunctionException(
                $"The path of the file is empty, longer than {MaxPathLength} characters, or contains characters that are not visible.");
        }

        try
        {
            if (Candidates(path).Select(RealPath.Resolve).FirstOrDefault(IsRecording) is { } real)
            {
                return OpenExactly(real);
            }
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // The reason could reveal the names of other files to the caller.
        }

        throw new LalalAiFunctionException(
            $"{Quoted.Of(path)} is not a recording that can be read. "
            + $"Recordings are files with the extension of an audio or video format, not empty, below: {string.Join(", ", _folders)}.");
    }

    private IEnumerable<string> Candidates(string path) =>
        Path.IsPathRooted(path) ? [Path.GetFullPath(path)] : _folders.Select(folder => Path.GetFullPath(path, folder));

    // An injected prompt must not be able to send documents or keys to the service. Pipes, sockets and devices have no length, and opening
    // one could block forever.
    private bool IsRecording(string real) =>
        _folders.Any(folder => RealPath.IsBelow(real, folder))
        && MediaFiles.IsMedia(real)
        && new FileInfo(real) is { Exists: true, Length: > 0 } file
        && (file.Attributes & (FileAttributes.Directory | FileAttributes.Device)) == 0;

    /// <summary>Opens a checked path, and verifies the opened file, because a folder could become a link in between.</summary>
    private static FileStream OpenExactly(string real)
    {
        var file = new FileStream(
            real,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read | FileShare.Delete,
            bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        if (IsSame(file, real))
        {
            return file;
        }

        file.Dispose();
        throw new IOException("Another file was opened than was checked.");
    }

    private static bool IsSame(FileStream file, string real)
    {
        // On Linux, the system knows the path of an open file.
        var handle = file.SafeFileHandle;
        if (OperatingSystem.IsLinux() && new FileInfo(HandlePath(file)).LinkTarget is { } opened)
        {
            return RealPath.AreEqual(real, opened);
        }

        return RealPath.AreEqual(real, RealPath.Resolve(real))
            && new FileInfo(real) is { Exists: true } entry
            && entry.Length == RandomAccess.GetLength(handle)
            && entry.LastWriteTimeUtc == File.GetLastWriteTimeUtc(handle);
    }

    private static string HandlePath(FileStream file) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}");

    // Control characters, line breaks, unpaired surrogates, and characters that change the direction of text.
    private static bool IsPlainText(string path) => path.EnumerateRunes().All(rune =>
        rune != Rune.ReplacementChar
        && !Rune.IsControl(rune)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && rune.Value is not ((>= 0x200E and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)));
}

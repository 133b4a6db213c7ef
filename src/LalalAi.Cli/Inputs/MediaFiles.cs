using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Inputs;

/// <summary>
/// Which files of a folder are recordings, by their extensions. A file that is passed itself is always taken: the service decides.
/// </summary>
internal static class MediaFiles
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".aac", ".ac3", ".aif", ".aiff", ".amr", ".ape", ".au", ".caf", ".flac", ".m4a", ".m4b", ".mka", ".mp2", ".mp3",
        ".oga", ".ogg", ".opus", ".w64", ".wav", ".wma", ".wv",
        ".3gp", ".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".webm", ".wmv",
    };

    public static string List { get; } = string.Join(", ", Extensions.Select(extension => extension[1..]));

    public static bool IsMedia(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>Whether a file belongs to the program: a journal, or a download that is not complete.</summary>
    public static bool IsOwn(string path) =>
        Path.GetFileName(path).StartsWith(JobJournal.FileName, StringComparison.Ordinal)
            || path.EndsWith(".part", StringComparison.Ordinal)
            || path.EndsWith(".part.json", StringComparison.Ordinal);
}

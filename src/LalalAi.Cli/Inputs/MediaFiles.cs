namespace LalalAi.Cli.Inputs;

/// <summary>Which files of a folder are taken for recordings. A file that is named itself is always taken: the service decides.</summary>
internal static class MediaFiles
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".aac", ".aif", ".aiff", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".wma",
        ".3gp", ".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm", ".wmv",
    };

    public static string List { get; } = string.Join(", ", Extensions.Select(extension => extension[1..]));

    public static bool IsMedia(string path) => Extensions.Contains(Path.GetExtension(path));
}

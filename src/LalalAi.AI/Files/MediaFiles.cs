namespace LalalAi.AI.Files;

/// <summary>The file extensions of recordings. <c>lalalai</c> uses the same list to search folders.</summary>
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
}

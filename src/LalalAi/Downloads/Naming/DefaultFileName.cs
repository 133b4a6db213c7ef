using LalalAi.Models;

namespace LalalAi.Downloads.Naming;

/// <summary>The default name of a track's file: the server's name, the name of the track, or its label.</summary>
internal static class DefaultFileName
{
    /// <summary>Returns a safe name, with an extension if it is known.</summary>
    /// <param name="track">The track.</param>
    /// <param name="head">The server's response, or <see langword="null"/>.</param>
    /// <param name="earlier">The name that an earlier, incomplete download of the track chose.</param>
    public static string Choose(TaskTrack track, ResponseHead? head, string? earlier = null)
    {
        var name = SafeFileName.Clean(head?.FileName)
            ?? SafeFileName.Clean(earlier)
            ?? SafeFileName.Clean(track.FileName)
            ?? SafeFileName.Clean(track.Label)
            ?? "track";
        return SafeFileName.SplitExtension(name).Extension.Length > 0 ? name : name + GuessExtension(track, head);
    }

    private static string GuessExtension(TaskTrack track, ResponseHead? head) =>
        MediaType.ExtensionOf(head?.MediaType)
        ?? (SafeFileName.Clean(track.Url is { } link ? Uri.UnescapeDataString(link.AbsolutePath) : null) is { } last
            ? SafeFileName.SplitExtension(last).Extension
            : string.Empty);
}

namespace LalalAi.Downloads;

/// <summary>The paths that one track can get: the one it should have, and the numbered ones beside it.</summary>
internal sealed class DownloadNames
{
    // The unfinished download and its record have longer names.
    private static readonly int MaximumBytes = SafeName.MaximumBytes - PartFile.RecordSuffix.Length;

    private readonly string _directory;
    private readonly string _name;

    private DownloadNames(string directory, string name)
    {
        _directory = directory;
        _name = name;
    }

    /// <summary>Places safe segments in a folder.</summary>
    /// <exception cref="LalalAiDownloadException">They would leave it, which no clean name does.</exception>
    public static DownloadNames In(string root, IReadOnlyList<string> segments, TaskTrack track)
    {
        var folders = segments.Take(segments.Count - 1).Select(segment => SafeName.Fit(segment, SafeName.MaximumBytes));
        var directory = Path.GetFullPath(Path.Combine([root, .. folders]));
        var names = new DownloadNames(directory, segments[segments.Count - 1]);
        var inside = root.EndsWith(Path.DirectorySeparatorChar.ToString(), StringComparison.Ordinal) ? root : root + Path.DirectorySeparatorChar;
        return Path.GetFullPath(names.Numbered(1)).StartsWith(inside, StringComparison.Ordinal)
            ? names
            : throw new LalalAiDownloadException($"The name of the track '{track.Label}' leads out of the folder {root}.", track);
    }

    public string Directory => _directory;

    /// <summary>Returns the first, the second, … path: <c>song.wav</c>, <c>song (2).wav</c>.</summary>
    public string Numbered(int number) =>
        Path.Combine(_directory, SafeName.Fit(_name, MaximumBytes, number == 1 ? string.Empty : $" ({number})"));
}

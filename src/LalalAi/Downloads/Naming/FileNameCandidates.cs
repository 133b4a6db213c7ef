namespace LalalAi.Downloads.Naming;

/// <summary>The paths that a track can get: the one that it should have, and numbered ones beside it.</summary>
internal sealed class FileNameCandidates
{
    private readonly string _name;
    private readonly bool _isExact;

    /// <param name="root">The folder of the download.</param>
    /// <param name="segments">The safe segments of the path below it. The last one is the file.</param>
    /// <param name="isExact">Whether the caller chose the name of the file, which is then not changed.</param>
    public FileNameCandidates(string root, IReadOnlyList<string> segments, bool isExact)
    {
        var folders = segments.Take(segments.Count - 1).Select(segment => SafeFileName.Fit(segment, SafeFileName.MaximumBytes));
        Directory = Path.GetFullPath(Path.Combine([root, .. folders]));
        _name = segments[segments.Count - 1];
        _isExact = isExact;
    }

    public string Directory { get; }

    /// <summary>Returns the first, the second, … path: <c>song.wav</c>, <c>song (2).wav</c>.</summary>
    public string Numbered(int number) => Path.Combine(Directory, _isExact && number == 1 ? _name : Fit(number));

    /// <summary>Returns the path of the incomplete file beside the numbered one.</summary>
    public string Part(int number) => Path.Combine(Directory, Fit(number) + PartFile.Suffix);

    private string Fit(int number) =>
        SafeFileName.Fit(_name, SafeFileName.MaximumBytes - PartFile.Suffix.Length, number == 1 ? string.Empty : $" ({number})");
}

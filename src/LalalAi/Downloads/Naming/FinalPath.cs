namespace LalalAi.Downloads.Naming;

/// <summary>The final path of a track: the preferred path, or the first numbered one that is free.</summary>
internal sealed class FinalPath
{
    private const int MaximumNumber = 10_000;

    private readonly TaskTrack _track;
    private readonly DownloadDestination _destination;
    private readonly PathReservations _reservations;
    private readonly string _fileName;
    private int _number;

    /// <param name="track">The track.</param>
    /// <param name="name">The safe name that the track has without a template, or the exact one that the caller chose.</param>
    /// <param name="destination">The folder and the naming.</param>
    /// <param name="reservations">The paths of other tracks of the process.</param>
    /// <exception cref="LalalAiDownloadException">No path is free.</exception>
    public FinalPath(TaskTrack track, string name, DownloadDestination destination, PathReservations reservations)
    {
        _track = track;
        _destination = destination;
        _reservations = reservations;
        Name = name;
        var segments = destination.Template?.Expand(track, name) ?? [name];
        var folders = segments.Take(segments.Count - 1).Select(segment => SafeFileName.Fit(segment, SafeFileName.MaximumBytes));
        Directory = Path.GetFullPath(Path.Combine([destination.Directory, .. folders]));
        _fileName = segments[segments.Count - 1];
        MoveOn();
    }

    /// <summary>The name that the track has without a template.</summary>
    public string Name { get; }

    public string Directory { get; }

    public bool ReplacesFiles => _destination.Existing is ExistingFileBehavior.Overwrite or ExistingFileBehavior.Skip;

    public string FullName => Numbered(_number);

    /// <summary>Returns the first, the second, … path for the incomplete file beside it.</summary>
    public string Part(int attempt) => Path.Combine(Directory, Fit(_number + attempt) + PartFile.Suffix);

    /// <summary>Whether an existing file makes the download unnecessary.</summary>
    public bool HasFile(long? size) =>
        _destination.Existing == ExistingFileBehavior.Skip && new FileInfo(FullName) is { Exists: true } file && file.Length == size;

    /// <summary>Reserves the next free path.</summary>
    /// <exception cref="LalalAiDownloadException">No path is free.</exception>
    public void MoveOn()
    {
        var last = _destination.Existing == ExistingFileBehavior.Fail ? 1 : MaximumNumber;
        while (_number++ < last)
        {
            if ((ReplacesFiles || !AtomicMove.Exists(FullName)) && _reservations.TryReserve(FullName))
            {
                return;
            }
        }

        throw _destination.Existing == ExistingFileBehavior.Fail
            ? new LalalAiDownloadException(
                $"{Numbered(1)} exists, or is being downloaded. "
                + $"Set {nameof(DownloadOptions)}.{nameof(DownloadOptions.ExistingFile)} to rename, overwrite or skip it.",
                _track)
            : new LalalAiDownloadException(
                $"{MaximumNumber} files in {Directory} have the name of the track '{_track.Label}'. "
                + $"Choose another folder or a {nameof(DownloadOptions.NameTemplate)}.",
                _track);
    }

    // A name that the caller chose is not changed.
    private string Numbered(int number) => Path.Combine(Directory, _destination.FileName is { } exact && number == 1 ? exact : Fit(number));

    private string Fit(int number) => SafeFileName.Fit(
        _fileName, SafeFileName.MaximumBytes - PartFile.Suffix.Length, number == 1 ? string.Empty : $" ({number})");
}

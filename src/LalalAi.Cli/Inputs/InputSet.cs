using LalalAi.AI.Files;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Journal;
using Microsoft.Extensions.FileSystemGlobbing;

namespace LalalAi.Cli.Inputs;

/// <summary>
/// The recordings that the arguments of a command select, sorted by name, and the skipped entries. An unreadable entry does not stop the
/// search.
/// </summary>
internal sealed class InputSet
{
    private const int MostListed = 10;

    private static readonly EnumerationOptions Visible =
        new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    private readonly Dictionary<string, InputFile> _files = new(StringComparer.Ordinal);
    private readonly List<InputFile> _ordered = [];
    private readonly List<InputProblem> _problems = [];
    private readonly List<string> _changed = [];
    private readonly HashSet<string> _ignored = new(StringComparer.Ordinal);
    private readonly bool _recursive;
    private readonly string _output;
    private readonly TrackFinder _tracks;

    private readonly InputFilter _filter;

    private InputSet(bool recursive, string output, TrackFinder tracks, InputFilter filter)
    {
        _filter = filter;
        _recursive = recursive;
        _output = output;
        _tracks = tracks;
    }

    /// <summary>The recordings, without duplicates.</summary>
    public IReadOnlyList<InputFile> Files => _ordered;

    /// <summary>The entries that cannot be accessed.</summary>
    public IReadOnlyList<InputProblem> Problems => _problems;

    /// <summary>The tracks of earlier runs that were skipped.</summary>
    public int Tracks { get; private set; }

    /// <summary>The links to folders that were not followed.</summary>
    public int Links { get; private set; }

    /// <summary>The files that are not part of an earlier run.</summary>
    public IReadOnlyList<string> New { get; private set; } = [];

    /// <summary>The files that were changed since an earlier run, or no longer exist.</summary>
    public IReadOnlyList<string> Changed => _changed;

    /// <summary>A description of the skipped entries, or <see langword="null"/> if there are none.</summary>
    public string? LeftOut
    {
        get
        {
            var parts = new List<string>();
            // A file that was passed by name is accepted with any type.
            var ignored = _ignored
                .Where(path => !_files.ContainsKey(path))
                .ToLookup(path => Path.GetExtension(path).TrimStart('.').ToLowerInvariant());
            if (ignored.Count > 0)
            {
                var types = ignored
                    .Select(type => type.Key.Length > 0 ? type.Key : "no extension")
                    .Order(StringComparer.Ordinal);
                var files = CellText.Count(ignored.Sum(type => type.Count()), "file");
                parts.Add($"{files} of other types ({CellText.Printable(string.Join(", ", types))})");
            }

            if (Tracks > 0)
            {
                parts.Add($"{CellText.Count(Tracks, "track")} of earlier runs");
            }

            if (Links > 0)
            {
                parts.Add($"{CellText.Count(Links, "link")} to folders");
            }

            if (New.Count > 0)
            {
                parts.Add($"{CellText.Count(New.Count, "new file")} ({List(New)}), which the original command processes");
            }

            if (Changed.Count > 0)
            {
                parts.Add(
                    $"{CellText.Count(Changed.Count, "file")} that changed or no longer exist "
                        + $"({List(Changed)}), which the original command processes if they exist");
            }

            return parts.Count > 0 ? $"Ignored: {string.Join(", ", parts)}." : null;
        }
    }

    /// <summary>Finds the recordings.</summary>
    /// <param name="arguments">Files, folders and globs, as full paths.</param>
    /// <param name="recursive">Whether folders are searched recursively.</param>
    /// <param name="output">The output folder.</param>
    /// <param name="journal">The contents of the journal of the output folder.</param>
    /// <param name="filter">Selects files of folders and globs.</param>
    /// <param name="mayBeEmpty">Whether folders and globs may match nothing.</param>
    /// <exception cref="UsageException">An argument does not exist or matches nothing.</exception>
    public static InputSet Find(
        IReadOnlyList<string> arguments,
        bool recursive,
        string output,
        JobIndex journal,
        InputFilter filter,
        bool mayBeEmpty = false)
    {
        var inputs = new InputSet(recursive, output, new TrackFinder(output, journal), filter);
        foreach (var argument in arguments)
        {
            var before = inputs._files.Count + inputs._problems.Count;
            if (!inputs.Add(argument) && inputs._files.Count + inputs._problems.Count == before && !(mayBeEmpty && CanExist(argument)))
            {
                throw new UsageException(inputs.DescribeNothing(argument));
            }
        }

        return inputs;
    }

    /// <summary>No files.</summary>
    public static InputSet Empty(string output) => new(recursive: false, output, new TrackFinder(output, new JobIndex()), InputFilter.All);

    /// <summary>
    /// Finds the unchanged files of earlier runs with the same arguments. Changed files are reported as skipped.
    /// </summary>
    public static async Task<InputSet> OfRunAsync(
        IReadOnlyList<string> arguments,
        bool recursive,
        string output,
        JobIndex journal,
        int work,
        CancellationToken cancellationToken)
    {
        var inputs = new InputSet(recursive, output, new TrackFinder(output, journal), InputFilter.All);
        foreach (var argument in arguments.Where(CanExist))
        {
            inputs.Add(argument);
        }

        var found = inputs._ordered.ToList();
        inputs._files.Clear();
        inputs._ordered.Clear();
        inputs._problems.Clear();
        inputs.New = [.. found.Where(file => !journal.IsFileOf(work, file.Path)).Select(file => file.Path)];
        foreach (var known in journal.FilesOf(work))
        {
            await inputs.AddKnownAsync(known, cancellationToken);
        }

        return inputs;
    }

    /// <summary>Whether an argument exists, or could match something.</summary>
    public static bool CanExist(string argument) => IsGlob(argument) || Path.Exists(argument);

    private static bool IsGlob(string argument) => argument.Contains('*') && !Path.Exists(argument);

    /// <returns>Whether the argument was already included by another one.</returns>
    private bool Add(string argument)
    {
        if (Directory.Exists(argument))
        {
            Search(argument, argument, _recursive, _ => true);
            return _ordered.Any(file => file.Path.StartsWith(argument + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        }

        if (!IsGlob(argument))
        {
            return Path.Exists(argument) || new FileInfo(argument).LinkTarget is not null ? Add(argument, string.Empty) : false;
        }

        var (root, pattern) = SplitGlob(argument);
        var matcher = new Matcher().AddInclude(pattern);
        if (Directory.Exists(root))
        {
            Search(root, root, pattern.Contains('/'), path => matcher.Match(Path.GetRelativePath(root, path)).HasMatches);
        }

        return false;
    }

    private bool Add(string path, string folder)
    {
        if (_files.ContainsKey(path))
        {
            return true;
        }

        try
        {
            var file = InputFile.Read(path, folder);
            _files.Add(path, file);
            _ordered.Add(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _problems.Add(InputProblem.Of(path, exception));
        }

        return true;
    }

    private async Task AddKnownAsync(FileEntry known, CancellationToken cancellationToken)
    {
        try
        {
            var file = InputFile.Read(known.Path, string.Empty);
            if (known.Matches(file.Size, file.ModifiedAt) || await HasContentAsync(file))
            {
                // With the time of the entry, so that the run uses its hash. The upload notices a later change.
                file = file with { ModifiedAt = known.ModifiedAt };
                _files.Add(file.Path, file);
                _ordered.Add(file);
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Counted like a changed file.
        }

        _changed.Add(known.Path);

        async Task<bool> HasContentAsync(InputFile file) => known.Sha256 is not null && file.Size == known.Size
            && await ContentHash.ComputeAsync(file.Path, cancellationToken: cancellationToken) == known.Sha256;
    }

    private void Search(string root, string folder, bool recursive, Func<string, bool> isWanted)
    {
        if (folder == _output && folder != root)
        {
            Tracks += _tracks.Count;
            return;
        }

        List<string> files;
        List<DirectoryInfo> folders;
        try
        {
            files =
            [
                .. Directory.EnumerateFiles(folder, "*", Visible)
                    .Order(StringComparer.OrdinalIgnoreCase)
                    .ThenBy(path => path, StringComparer.Ordinal),
            ];
            var inner = recursive ? new DirectoryInfo(folder).EnumerateDirectories("*", Visible) : [];
            folders = [.. inner.OrderBy(each => each.Name, StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _problems.Add(InputProblem.Of(folder, exception));
            return;
        }

        var relative = folder == root ? string.Empty : Path.GetRelativePath(root, folder);
        foreach (var file in files.Where(file => isWanted(file) && _filter.IsWanted(file)))
        {
            if (MediaFiles.IsMedia(file) && IsTrack(file))
            {
                Tracks++;
            }
            else if (MediaFiles.IsMedia(file))
            {
                Add(file, relative);
            }
            else if (!IsOwn(file))
            {
                _ignored.Add(file);
            }
        }

        foreach (var inner in folders)
        {
            // Links to folders could form a cycle.
            if (inner.LinkTarget is not null)
            {
                Links++;
                continue;
            }

            Search(root, inner.FullName, recursive, isWanted);
        }
    }

    private bool IsTrack(string file)
    {
        try
        {
            return _tracks.IsTrack(file);
        }
        catch (UsageException exception)
        {
            // Without the journal, it is unknown which files were paid for.
            _problems.Add(new InputProblem(file, exception.Message));
            return true;
        }
    }

    /// <summary>Whether a file belongs to the program: a journal, or an incomplete download.</summary>
    private static bool IsOwn(string path) =>
        Path.GetFileName(path).StartsWith(JobJournal.FileName, StringComparison.Ordinal)
            || path.EndsWith(".part", StringComparison.Ordinal)
            || path.EndsWith(".part.json", StringComparison.Ordinal);

    /// <summary>Splits a glob before its first segment that has a wildcard.</summary>
    private static (string Root, string Pattern) SplitGlob(string glob)
    {
        var segments = glob.Replace(Path.DirectorySeparatorChar, '/').Split('/');
        var first = Array.FindIndex(segments, segment => segment.Contains('*'));
        var root = string.Join('/', segments[..first]);
        return (root.Length == 0 ? "/" : root, string.Join('/', segments[first..]));
    }

    private static string List(IReadOnlyList<string> paths) =>
        CellText.Printable(string.Join(", ", paths.Take(MostListed).Select(Path.GetFileName)))
            + (paths.Count > MostListed ? $" and {paths.Count - MostListed} more" : string.Empty);

    private string DescribeNothing(string argument)
    {
        var leftOut = LeftOut is { } text ? $" {text}" : string.Empty;
        if (Directory.Exists(argument))
        {
            return $"No recordings in {argument}{(_recursive ? " or below it" : "; add --recursive to search its subfolders")}.{leftOut} "
                + $"Recognized extensions: {MediaFiles.List}. Other files can be passed one by one.";
        }

        return IsGlob(argument)
            ? $"No recording matches {argument}.{leftOut} In a glob, * matches a part of a name and ** any folders. "
                + "Quotes around it keep the shell from replacing it."
            : $"'{argument}' does not exist. {InputProblem.FindNameProblem(argument) ?? "Check the path."}";
    }
}

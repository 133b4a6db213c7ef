using System.Text;
using System.Text.RegularExpressions;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>
/// Where tracks go. Names depend on the recordings only, never on the order in which they were finished: recordings of the same name differ
/// by extension, then by folder, then by number. Another stem, format or voice of the same recording gets names of its own beside the
/// earlier ones.
/// </summary>
internal sealed partial class OutputLayout
{
    public const string Default = "{name}/{stem}.{ext}";

    // Leaves room for what tells recordings and tracks apart, for example ` (2)/no_acoustic_guitar (clear_cut).flac.part`.
    private const int MaximumNameBytes = 180;

    private static readonly string[] Placeholders = ["name", "stem", "ext"];

    private readonly string _directory;

    /// <param name="template">The path of a track below the output folder, with <c>{name}</c>, <c>{stem}</c> and <c>{ext}</c>.</param>
    /// <param name="directory">The output folder.</param>
    /// <exception cref="UsageException">The template is not valid.</exception>
    public OutputLayout(string template, string directory)
    {
        var segments = template.Split('/');
        var used = Placeholder().Matches(template).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var problem = used.Except(Placeholders).FirstOrDefault() is { } unknown
            ? $"it contains {{{unknown}}}; there are {{name}}, {{stem}} and {{ext}}"
            : !used.Contains("name") ? "it does not contain {name}, so all recordings would share their names"
            : !segments[^1].Contains("{stem}", StringComparison.Ordinal)
                ? "its file name does not contain {stem}, so all tracks would share it"
            : !segments[^1].EndsWith(".{ext}", StringComparison.Ordinal) ? "it does not end with .{ext}"
            : segments.Any(segment => segment.Trim(' ', '.').Length == 0) ? "it contains an empty folder name, or one of dots"
            : segments.Any(segment => SafeFileName.Create(segment) != segment)
                ? "it contains characters that are not valid in file names on every system"
            : null;
        Template = problem is null
            ? template
            : throw new UsageException($"--output-template '{template}' is not valid: {problem}. The default is '{Default}'.");
        _directory = directory;
    }

    public string Template { get; }

    /// <summary>Gives each file that the journal does not know a name for its recording.</summary>
    public IReadOnlyList<(InputFile File, string Name)> NameAll(IReadOnlyList<InputFile> files, int work, JobIndex index)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var unknownFiles = files.Where(file => index.FindFile(work, file.Path) is null);
        foreach (var group in unknownFiles.GroupBy(BaseName, StringComparer.OrdinalIgnoreCase))
        {
            var members = group.OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
            var label = members.Count == 1
                ? null
                : Labels.FirstOrDefault(label => members.Select(label).Distinct(StringComparer.OrdinalIgnoreCase).Count() == members.Count);
            foreach (var file in members)
            {
                var name = Number(
                    label is null ? group.Key : $"{group.Key} ({label(file)})",
                    candidate => !taken.Contains(candidate) && index.IsFree(candidate) && !IsOccupied(candidate));
                taken.Add(name);
                names.Add(file.Path, name);
            }
        }

        return [.. files.Select(file => (file, names.TryGetValue(file.Path, out var name) ? name : index.FindFile(work, file.Path)!.Name))];
    }

    /// <summary>
    /// Creates the entry for a new job: in the folder of its recording if it has one, otherwise under the name that was reserved for its
    /// file.
    /// </summary>
    public JobEntry CreateJob(int work, string sha256, InputFile file, string reserved, TaskPresets presets, JobIndex index)
    {
        var name = index.NameOf(sha256)
            ?? (index.IsReserved(reserved) || index.IsFree(reserved, sha256)
                ? reserved
                : Number(reserved, candidate => index.IsFree(candidate, sha256) && !IsOccupied(candidate)));
        var others = index.JobsOf(sha256)
            .Select(job => TrackNames.Expected(job.Tracks, index.RunOf(job.Work).Presets, file.Path))
            .ToList();
        var tracks = Apply(name);
        var candidates = TrackNames.Qualifiers(presets).Select(qualifier => qualifier is null ? tracks : Qualify(tracks, qualifier));
        var free = candidates.FirstOrDefault(IsFree)
            ?? Enumerable.Range(2, int.MaxValue - 2).Select(number => Qualify(tracks, $"{number}")).First(IsFree);
        return new JobEntry(index.Jobs.Count + 1, work, sha256, file.Path, name, free);

        bool IsFree(string candidate) =>
            !others.Any(other => TrackNames.Overlap(other, TrackNames.Expected(candidate, presets, file.Path)));
    }

    private static readonly Func<InputFile, string>[] Labels =
    [
        Extension,
        Folder,
        file => $"{Folder(file)}, {Extension(file)}",
    ];

    private static string Extension(InputFile file) => SafeFileName.Create(Path.GetExtension(file.Path).TrimStart('.').ToLowerInvariant());

    private static string Folder(InputFile file) =>
        SafeFileName.Create(Path.GetFileName(Path.GetDirectoryName(file.Path)) ?? string.Empty, MaximumNameBytes / 3);

    /// <summary>The name that a recording has if no other one wants it: that of its file, below the same folders.</summary>
    private static string BaseName(InputFile file)
    {
        var stem = Path.GetFileNameWithoutExtension(file.Path) is { Length: > 0 } name ? name : file.Name;
        var folders = file.Folder
            .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => SafeFileName.Create(folder));
        return string.Join('/', folders.Append(TrackNames.Literal(stem, MaximumNameBytes)));
    }

    private static string Number(string name, Func<string, bool> isFree) =>
        isFree(name) ? name : Enumerable.Range(2, int.MaxValue - 2).Select(number => $"{name} ({number})").First(isFree);

    private static string Qualify(string tracks, string qualifier)
    {
        var position = tracks.LastIndexOf("{stem}", StringComparison.Ordinal) + "{stem}".Length;
        return new StringBuilder(tracks).Insert(position, $" ({qualifier})").ToString();
    }

    private string Apply(string name)
    {
        var slash = name.LastIndexOf('/') + 1;
        return name[..slash] + Template.Replace("{name}", name[slash..], StringComparison.Ordinal);
    }

    /// <summary>Whether there are files already that something else put where the tracks would go.</summary>
    private bool IsOccupied(string name)
    {
        var tracks = Apply(name);
        var folder = Path.Combine(_directory, tracks[..(tracks.LastIndexOf('/') + 1)]);
        var prefix = tracks[(tracks.LastIndexOf('/') + 1)..tracks.LastIndexOf("{stem}", StringComparison.Ordinal)];
        return File.Exists(folder.TrimEnd('/'))
            || (Directory.Exists(folder)
                && Directory.EnumerateFileSystemEntries(folder)
                    .Any(entry => Path.GetFileName(entry).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
    }

    [GeneratedRegex(@"\{(\w*)\}")]
    private static partial Regex Placeholder();
}

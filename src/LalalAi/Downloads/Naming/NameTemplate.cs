using System.Text.RegularExpressions;

namespace LalalAi.Downloads.Naming;

/// <summary>
/// The caller's template for names, such as <c>{name}/{label}.{ext}</c>. Slashes of the template create folders, slashes in values do
/// not.
/// </summary>
internal sealed class NameTemplate
{
    private static readonly Regex Placeholder = new(@"\{(?<key>\w+)\}", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    private static readonly string[] Keys = ["name", "label", "task", "ext"];

    private readonly string[] _segments;

    private NameTemplate(string[] segments) => _segments = segments;

    /// <summary>Parses a template; returns <see langword="null"/> for <see langword="null"/>.</summary>
    /// <exception cref="ArgumentException">It contains an unknown placeholder.</exception>
    public static NameTemplate? Parse(string? template)
    {
        if (string.IsNullOrWhiteSpace(template))
        {
            return null;
        }

        foreach (var key in Placeholder.Matches(template!).Cast<Match>().Select(match => match.Groups["key"].Value))
        {
            if (!Keys.Contains(key, StringComparer.Ordinal))
            {
                throw new ArgumentException(
                    $"{nameof(DownloadOptions)}.{nameof(DownloadOptions.NameTemplate)} contains the unknown placeholder {{{key}}}. "
                    + $"The placeholders are {string.Join(", ", Keys.Select(known => $"{{{known}}}"))}.");
            }
        }

        return new NameTemplate(template!.Split('/', '\\'));
    }

    /// <summary>Returns the safe segments of a track's path below the folder. The last one is the file.</summary>
    /// <param name="track">The track.</param>
    /// <param name="name">The safe name that the track has without a template.</param>
    public IReadOnlyList<string> Expand(TaskTrack track, string name)
    {
        var (stem, extension) = SafeFileName.SplitExtension(name);
        var segments = _segments.Select(segment => SafeFileName.Clean(Placeholder.Replace(segment, match => match.Groups["key"].Value switch
        {
            "name" => stem,
            "label" => SafeFileName.Clean(track.Label) ?? "track",
            "task" => SafeFileName.Clean(track.TaskId.Value) ?? "task",
            _ => extension.TrimStart('.'),
        }))).ToList();
        segments[segments.Count - 1] ??= name;
        return [.. segments.OfType<string>()];
    }
}

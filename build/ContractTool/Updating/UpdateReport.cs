using System.Text;
using LalalAi.Contracts.Comparing;

namespace LalalAi.ContractTool.Updating;

/// <summary>What an update means, as Markdown for a pull request or a changelog.</summary>
internal static class UpdateReport
{
    public const string AcceptSnapshots = "ACCEPT_SNAPSHOTS=true dotnet test";

    private const string Unreleased = "## [Unreleased]";

    /// <summary>The part of the version that the update raises, by Semantic Versioning.</summary>
    public static string VersionOf(ContractUpdate update) =>
        update.Changes.Any(change => change.IsBreaking) || update.Surface.Removed.Count > 0 ? "major (minor while the version is below 1.0)"
        : update.Changes.Any(change => change.Kind == ChangeKind.Added) || update.Surface.Added.Count > 0 ? "minor"
        : "patch";

    public static string ToMarkdown(ContractUpdate update)
    {
        var report = new StringBuilder("# The contract changed\n\n");
        Append(
            report,
            "## Breaking",
            update.Changes.Where(change => change.IsBreaking).Select(change => $"{Code(change.Text)}: {change.Breaks}"));
        Append(
            report,
            "## Added",
            update.Changes.Where(change => !change.IsBreaking && change.Kind == ChangeKind.Added).Select(change => Code(change.Text)));
        Append(
            report,
            "## Changed",
            update.Changes.Where(change => !change.IsBreaking && change.Kind != ChangeKind.Added).Select(change => Code(change.Text)));
        Append(report, "## New C# types and members", update.Surface.Added.Select(Code));
        Append(report, "## Removed C# types and members", update.Surface.Removed.Select(Code));
        Append(report, "## Prose to reword", update.PublishersProse.Select(Code), "It is the publisher's, and becomes XML documentation.");
        report.Append("## Version\n\nRaise: ").Append(VersionOf(update)).Append(".\n\n")
            .Append("## Snapshots\n\nAccept those that are right:\n\n```sh\n").Append(AcceptSnapshots).Append("\n```\n");
        return report.ToString();
    }

    /// <summary>The changelog with an entry for each kind of change in the section of what is not released yet.</summary>
    public static string AddTo(string changelog, ContractUpdate update)
    {
        var lines = changelog.ReplaceLineEndings("\n").Split('\n').ToList();
        if (!lines.Contains(Unreleased))
        {
            var firstVersion = lines.FindIndex(line => line.StartsWith("## ", StringComparison.Ordinal));
            lines.InsertRange(firstVersion < 0 ? lines.Count : firstVersion, [Unreleased, ""]);
        }

        AddEntry(
            lines,
            "### Added",
            update.Surface.Added.Count > 0
                ? update.Surface.Added
                : update.Changes.Where(change => !change.IsBreaking && change.Kind == ChangeKind.Added).Select(change => change.Text));
        AddEntry(
            lines,
            "### Changed",
            update.Changes
                .Where(change => change.IsBreaking && change.Kind != ChangeKind.Removed)
                .Select(change => $"{change.Text} (breaking: {change.Breaks})"));
        AddEntry(
            lines,
            "### Removed",
            update.Surface.Removed.Count > 0
                ? update.Surface.Removed
                : update.Changes.Where(change => change.Kind == ChangeKind.Removed).Select(change => change.Text));
        return string.Join('\n', lines);
    }

    private static void AddEntry(List<string> lines, string heading, IEnumerable<string> names)
    {
        var entry = string.Join(", ", names.Select(Code));
        if (entry.Length == 0)
        {
            return;
        }

        var start = lines.IndexOf(Unreleased);
        var end = lines.FindIndex(start + 1, line => line.StartsWith("## ", StringComparison.Ordinal));
        end = end < 0 ? lines.Count : end;
        var section = lines.FindIndex(start, end - start, line => line == heading);
        if (section < 0)
        {
            var last = lines.FindLastIndex(end - 1, end - start, line => line.Length > 0);
            lines.InsertRange(last + 1, ["", heading, "", $"- From the service's contract: {entry}."]);
            return;
        }

        var next = lines.FindIndex(section + 1, end - section - 1, line => line.StartsWith("### ", StringComparison.Ordinal));
        var lastEntry = lines.FindLastIndex((next < 0 ? end : next) - 1, (next < 0 ? end : next) - section, line => line.Length > 0);
        lines.Insert(lastEntry + 1, $"- From the service's contract: {entry}.");
    }

    private static void Append(StringBuilder report, string heading, IEnumerable<string> items, string? note = null)
    {
        var lines = items.Order(StringComparer.Ordinal).ToList();
        if (lines.Count > 0)
        {
            report
                .Append(heading)
                .Append("\n\n")
                .Append(note is null ? "" : note + "\n\n")
                .AppendJoin('\n', lines.Select(line => "- " + line))
                .Append("\n\n");
        }
    }

    /// <summary>Text of a document as a code span: nothing in it is a link, a mention or HTML.</summary>
    private static string Code(string text) =>
        text.Contains('`') ? $"`` {text.Replace("``", "'", StringComparison.Ordinal)} ``" : $"`{text}`";
}

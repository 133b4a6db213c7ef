#!/usr/bin/env dotnet
#:property GenerateDocumentationFile=true
// Prepares a release, and verifies in the release workflow that it was prepared.
// Usage: dotnet run build/release/release.cs -- prepare|verify VERSION

using System.Globalization;

const string Nullable = "#nullable enable";
const string Removed = "*REMOVED*";
const string Unreleased = "## [Unreleased]";

if (args is not [("prepare" or "verify") and var command, var version])
{
    Console.Error.WriteLine("Usage: dotnet run build/release/release.cs -- prepare|verify VERSION");
    return 2;
}

var root = FindRoot(Directory.GetCurrentDirectory());
var changelog = Path.Combine(root, "CHANGELOG.md");
var heading = $"## [{version}]";
var unshipped = Directory.GetFiles(Path.Combine(root, "src"), "PublicAPI.Unshipped.txt", SearchOption.AllDirectories);

if (command == "verify")
{
    var problems = unshipped.Where(path => Entries(path).Any()).Select(path => $"{Path.GetRelativePath(root, path)} is not empty").ToList();
    if (!File.ReadLines(changelog).Any(line => line.StartsWith(heading, StringComparison.Ordinal)))
    {
        problems.Add($"CHANGELOG.md has no '{heading}'");
    }

    problems.ForEach(problem => Console.Error.WriteLine($"Version {version} is not prepared: {problem}."));
    return problems.Count == 0 ? 0 : 1;
}

var date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
var text = File.ReadAllText(changelog);
File.WriteAllText(changelog, text.Replace(Unreleased, $"{Unreleased}\n\n{heading} - {date}", StringComparison.Ordinal));
foreach (var path in unshipped)
{
    var shipped = path.Replace("Unshipped", "Shipped", StringComparison.Ordinal);
    var changes = Entries(path).ToLookup(line => line.StartsWith(Removed, StringComparison.Ordinal));
    var removed = changes[true].Select(line => line[Removed.Length..]);
    Write(shipped, Entries(shipped).Except(removed).Concat(changes[false]).Order(StringComparer.Ordinal));
    Write(path, []);
}

return 0;

static IEnumerable<string> Entries(string path) => [.. File.ReadLines(path).Where(line => line.Length > 0 && line != Nullable)];

static void Write(string path, IEnumerable<string> lines) =>
    File.WriteAllText(path, string.Concat(lines.Prepend(Nullable).Select(line => line + "\n")));

static string FindRoot(string folder) =>
    File.Exists(Path.Combine(folder, "CHANGELOG.md"))
        ? folder
        : FindRoot(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run this in a clone of the repository."));

using System.Text.RegularExpressions;
using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests;

/// <summary>The events and the journal are what docs/command-line.md says, since other programs read them.</summary>
public sealed partial class DocumentationTests : ServiceFixture
{
    protected override SandboxOptions Options => new() { Speed = double.PositiveInfinity, MinutesPerLicense = 4 / 60.0 };

    [Test]
    public async Task Every_event_and_every_entry_of_the_journal_is_documented_with_all_that_it_holds()
    {
        var events = new List<JObject>();
        File.WriteAllBytes(Path.Combine(Root, "empty.wav"), []);
        foreach (var command in new[]
        {
            ["split", Root, "-o", Output],
            ["demuse", Song, "-o", Output, "--delete"],
            ["resume", Output],
            ["split", Song, "-o", Output, "--dry-run"],
            ["status", Guid.NewGuid().ToString()],
            ["cancel", Guid.NewGuid().ToString()],
            ["minutes"],
            ["packs"],
            ["doctor"],
            new[] { "split", "nowhere.wav" },
        })
        {
            events.AddRange((await StartAsync([.. command, "--json"])).Lines.Select(JObject.Parse));
        }

        SongFile.Write(Root, "more.wav", seconds: 200);
        events.AddRange(
            (await StartAsync("split", Path.Combine(Root, "more.wav"), "-o", Output, "--json")).Lines.Select(JObject.Parse));
        var entries = File.ReadLines(JournalFile.PathIn(Output)).Select(JObject.Parse).ToList();

        Assert.That(Undocumented(events, "event"), Is.Empty);
        Assert.That(Undocumented(entries, "type"), Is.Empty);
        Assert.That(
            events.Select(line => (string?)line["event"]).Distinct().Count(),
            Is.EqualTo(19),
            "Of the 23 events, all but those of a sandbox that listens, of a pause and of a probe.");
        Assert.That(
            entries.Select(line => (string?)line["type"]).Distinct().Count(),
            Is.EqualTo(9),
            "Of the 12 types, all but those of a start that was rejected and of a task that was lost or failed.");
    }

    private static IEnumerable<string> Undocumented(IEnumerable<JObject> lines, string name)
    {
        var documented = Row().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/command-line.md")).ReplaceLineEndings("\n"))
            .ToLookup(row => row.Groups[1].Value, row => row.Groups[2].Value);
        return lines
            .SelectMany(
                line =>
                    line.Properties().Select(property => property.Name).Where(property => property != name).Select(
                        property => (Line: (string)line[name]!, Property: property)))
            .Distinct()
            .Where(entry => !documented[entry.Line].Any(row => row.Contains($"`{entry.Property}`", StringComparison.Ordinal)))
            .Select(entry => $"{entry.Line}.{entry.Property}");
    }

    [GeneratedRegex(@"^\| `(\w+)` \|(.*)$", RegexOptions.Multiline)]
    private static partial Regex Row();
}

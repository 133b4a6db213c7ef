using System.Text.RegularExpressions;
using LalalAi.Cli.Tests.Processes;
using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests;

/// <summary>The events and the journal are what docs/command-line.md says, since other programs read them.</summary>
public sealed partial class DocumentationTests : ServiceFixture
{
    protected override SandboxOptions Options => new() { Speed = double.PositiveInfinity, MinutesPerLicense = 4 / 60.0 };

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Every_event_and_every_entry_of_the_journal_is_documented_with_all_that_it_holds(CancellationToken cancellationToken)
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
            await CollectEventsAsync(command);
        }

        await CollectEventsAsync("split", SongFile.Write(Root, "more.wav", seconds: 200), "-o", Output);
        await UseAsync(new SandboxOptions { Speed = double.PositiveInfinity });
        Sandbox.Faults.Add(Fault.Status(429), on: SandboxOperation.Check);
        Sandbox.Faults.Add(Fault.TaskError("inference_error"));
        await CollectEventsAsync("split", SongFile.Write(Root, "failed.wav", seconds: 0.2), "-o", Output);
        Sandbox.Faults.Add(Fault.Status(400, "exceeded_duration"), on: SandboxOperation.Start);
        await CollectEventsAsync("split", SongFile.Write(Root, "rejected.wav", seconds: 0.3), "-o", Output);
        Sandbox.Faults.Add(Fault.LoseResponse, on: SandboxOperation.Start);
        await CollectEventsAsync("split", SongFile.Write(Root, "lost.wav", seconds: 0.4), "-o", Output);
        await CollectEventsAsync("doctor", "--probe", "--yes", "--behavior", Path.Combine(Root, "behavior.json"));
        using var sandbox = CliProcess.Start([], "sandbox", "--json");
        events.Add(await sandbox.ReadEventAsync("listening", cancellationToken));
        var entries = File.ReadLines(JournalFile.PathIn(Output)).Select(JObject.Parse).ToList();

        Assert.That(Undocumented(events, "event"), Is.Empty);
        Assert.That(Undocumented(entries, "type"), Is.Empty);
        Assert.That(events.Select(line => (string?)line["event"]).Distinct(), Has.Exactly(23).Items, "All events.");
        Assert.That(entries.Select(line => (string?)line["type"]).Distinct(), Has.Exactly(12).Items, "All types of entries.");

        async Task CollectEventsAsync(params string[] command) =>
            events.AddRange((await StartAsync([.. command, "--json"], cancellationToken)).Lines.Select(JObject.Parse));
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

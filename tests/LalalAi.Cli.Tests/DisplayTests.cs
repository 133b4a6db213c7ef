using LalalAi.Cli.Display;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;
using Spectre.Console;
using Spectre.Console.Testing;

namespace LalalAi.Cli.Tests;

/// <summary>What a terminal shows of a run.</summary>
[Parallelizable]
public sealed class DisplayTests
{
    private static readonly string[] Names =
    [
        "short.wav",
        "A very long name of a song, with everything that people put there (live, remastered, 2026).flac",
        "歌曲の名前がとても長い場合にはどうなるのか.mp3",
        "broken\nname\u001b[31m.wav",
    ];

    [Test]
    public void Lines_are_no_wider_than_the_terminal([Values(40, 60, 80, 120, 300)] int width)
    {
        var lines = Draw(Fill(new FakeTimeProvider()), width, color: false);

        Assert.That(lines, Has.Length.EqualTo(Names.Length + 3));
        Assert.That(lines.Select(CellText.Width), Has.All.LessThan(width));
        Assert.That(string.Concat(lines), Does.Not.Contain('\u001b'));
    }

    [Test]
    public void Each_file_shows_its_phase_its_progress_its_rate_and_the_time_left()
    {
        var lines = Draw(Fill(new FakeTimeProvider()), 100, color: false);

        Assert.That(lines[0], Does.Match(@"^short\.wav +uploading +━+─+  50% 1\.0 MB/s 0:05 left *$"));
        Assert.That(lines[1], Does.Contain("…").And.Contain("processing").And.Contain(" 25%"));
        Assert.That(lines[2], Does.Contain("queued"));
        Assert.That(lines[3], Does.Contain("reading").And.Contain(" 75%"));
    }

    [Test]
    public void Total_is_measured_in_bytes_and_minutes_and_has_the_time_left()
    {
        var clock = new FakeTimeProvider();
        var progress = new RunProgress(clock);
        progress.Expect(3, 100_000_000);
        var large = progress.Add("large.wav", 80_000_000);
        large.Enter(Phase.Uploading);
        Draw(progress, 100, color: false);
        clock.Advance(TimeSpan.FromSeconds(40));
        large.Enter(Phase.Processing);
        large.Minutes = 120;
        large.Report(0.25);
        progress.Add("skipped.wav", 20_000_000).Dispose();

        var lines = Draw(progress, 100, color: false);

        Assert.That(
            lines[^2],
            Does.Match(@"^0 of 3 files +━+─+  40% 1:00 left *$"),
            "A quarter for the upload, and a quarter of the 60 % for the processing; what was skipped does not count.");
        Assert.That(lines[^1], Does.StartWith("0:40 elapsed, 80.0 MB of 80.0 MB uploaded, 30.0 of 120.0 minutes processed"));
    }

    [Test]
    public void Pause_is_shown_with_its_reason_until_it_ends()
    {
        var clock = new FakeTimeProvider();
        var progress = new RunProgress(clock);
        progress.Pause("Rate limited by the service", TimeSpan.FromSeconds(20));
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That(Draw(progress, 80, color: false)[^1], Does.StartWith("Rate limited by the service. The next attempt follows in 0:15."));

        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.That(Draw(progress, 80, color: false)[^1], Does.StartWith("0:20 elapsed"));
    }

    [Test]
    public void The_time_left_of_a_task_follows_from_its_progress_so_far()
    {
        var clock = new FakeTimeProvider();
        var progress = new RunProgress(clock);
        var row = progress.Add("song.wav", 1);
        row.Enter(Phase.Processing);
        row.Report(0.2);
        clock.Advance(TimeSpan.FromSeconds(30));
        row.Report(0.5);

        Assert.That(Draw(progress, 100, color: false)[0], Does.Match(@"processing +━+─+  50% 0:50 left"));
    }

    [Test]
    public void Colors_are_used_only_if_the_terminal_supports_them()
    {
        var progress = Fill(new FakeTimeProvider());

        Assert.That(string.Concat(Draw(progress, 80, color: true)), Does.Contain('\u001b'));
        Assert.That(string.Concat(Draw(progress, 80, color: false)), Does.Not.Contain('\u001b'));
    }

    [Test]
    public void Display_counts_what_does_not_fit_and_shows_transfers_first()
    {
        var progress = new RunProgress(new FakeTimeProvider());
        for (var number = 0; number < 200; number++)
        {
            progress.Add($"queued{number}", 1).Enter(Phase.Queued);
        }

        progress.Add("moving", 1).Enter(Phase.Downloading);
        var lines = Draw(progress, 80, color: false);

        Assert.That(lines, Has.Length.LessThan(24));
        Assert.That(lines, Has.Some.StartsWith("moving").And.Some.StartsWith("and 185 more"));
    }

    [Test]
    public void A_finished_file_leaves_the_board()
    {
        var progress = new RunProgress(new FakeTimeProvider());
        progress.Expect(1, 1);

        progress.Add("gone", 1).Dispose();
        progress.CountEnd();

        Assert.That(Draw(progress, 80, color: false)[0], Does.StartWith("1 of 1 files"));
    }

    [Test]
    public async Task Messages_appear_above_the_board_and_remain_after_it()
    {
        var console = new TestConsole().Width(80).Height(24).EmitAnsiSequences().Interactive();
        await using (var display = new TerminalDisplay(console, TimeProvider.System))
        {
            display.Expect(2, 2);
            using var file = display.Begin("second.wav", 1);
            file.Enter(Phase.Uploading);
            display.Note(Mark.Done, "first.wav: vocals, no_vocals in out/first");
        }

        Assert.That(console.Output, Does.Contain("first.wav: vocals, no_vocals in out/first"));
    }

    [Test]
    public async Task Results_are_not_truncated_in_a_narrow_terminal()
    {
        var console = new TestConsole().Width(50).Height(24).EmitAnsiSequences().Interactive();
        await using (var display = new TerminalDisplay(console, TimeProvider.System))
        {
            display.Note(Mark.Information, "1 file, 600 minutes left.");
            display.Note(Mark.Done, "A song with a fairly long title.flac: vocals, no_vocals in out/A song with a fairly long title");
        }

        Assert.That(console.Output, Does.Contain("1 file, 600 minutes left.").And.Not.Contain(" 1 file,"));
        Assert.That(
            string.Join(' ', console.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            Does.Contain("vocals, no_vocals in out/A song with a fairly long title"));
    }

    [Test]
    public async Task Plain_display_writes_a_line_for_each_event()
    {
        var lines = new List<string>();
        await using var display = new PlainDisplay(lines.Add, new FakeTimeProvider());
        display.Expect(2, 2);
        using (var file = display.Begin("a.wav", 1))
        {
            foreach (var phase in Enum.GetValues<Phase>())
            {
                file.Enter(phase);
                file.Enter(phase);
            }
        }

        display.Note(Mark.Done, "a.wav: vocals");
        display.Note(Mark.Failed, "b.wav: no minutes");

        Assert.That(
            lines,
            Is.EqualTo(
                new[]
                {
                    "a.wav: uploading", "a.wav: processing", "a.wav: downloading", "[1/2] a.wav: vocals", "[2/2] FAILED b.wav: no minutes",
                }));
    }

    [TestCase(999, "999 B")]
    [TestCase(1_500, "2 kB")]
    [TestCase(12_340_000, "12.3 MB")]
    [TestCase(10e9, "10.0 GB")]
    public void Byte_counts_are_abbreviated(double bytes, string expected) => Assert.That(CellText.Bytes(bytes), Is.EqualTo(expected));

    [Test]
    public async Task Plain_display_writes_one_line_for_an_outage_until_the_next_attempt()
    {
        var lines = new List<string>();
        var clock = new FakeTimeProvider();
        await using var display = new PlainDisplay(lines.Add, clock);
        display.Pause("The service cannot be reached", TimeSpan.FromSeconds(8));
        display.Pause("The service cannot be reached", TimeSpan.FromSeconds(2));
        clock.Advance(TimeSpan.FromSeconds(8));
        display.Pause("The service cannot be reached", TimeSpan.FromSeconds(16));
        clock.Advance(TimeSpan.FromSeconds(16));
        display.Pause("The service cannot be reached", TimeSpan.FromSeconds(0.4));
        display.Resume();

        Assert.That(lines, Is.EqualTo(new[]
        {
            "The service cannot be reached. The next attempt follows in 0:08.",
            "The service cannot be reached. The next attempt follows in 0:16.",
            "The service cannot be reached. The next attempt follows in 0:01.",
            "The service answers again.",
        }));
    }

    [Test]
    public async Task Progress_events_are_one_for_each_phase_and_one_per_second_in_between()
    {
        var events = new List<JObject>();
        var clock = new FakeTimeProvider();
        await using var display = new ProgressEvents(
            (name, properties) => events.Add(new JObject(JObject.FromObject(properties)) { ["event"] = name }),
            new QuietDisplay(_ => { }),
            clock);
        display.Expect(1, 1000);
        using var file = display.Begin("/songs/a.wav", 1000);
        file.Enter(Phase.Uploading);
        file.Report(0.1, new TransferProgress(100, 1000, 100));
        clock.Advance(TimeSpan.FromSeconds(1));
        file.Report(0.5, new TransferProgress(500, 1000, 250));
        file.Report(0.6, new TransferProgress(600, 1000, 250));
        file.Enter(Phase.Queued);

        Assert.That(
            events.Where(line => (string?)line["event"] == "progress").Select(
                line => $"{line["phase"]} {line["percent"]} {line["bytes"]} {line["seconds_left"]}"),
            Is.EqualTo(new[] { "uploading   ", "uploading 50 500 2", "queued   " }));
        Assert.That(
            events.Where(line => (string?)line["event"] == "total").Select(line => (double?)line["percent"]),
            Is.EqualTo(new double?[] { 0, 12.5 }));
    }

    private static RunProgress Fill(TimeProvider clock)
    {
        var progress = new RunProgress(clock);
        progress.Expect(10, 40_000_000);
        progress.Pause("The service cannot be reached", TimeSpan.FromSeconds(9));
        var rows = Names.Select(name => progress.Add(name, 10_000_000)).ToList();
        rows[0].Enter(Phase.Uploading);
        rows[0].Report(0.5, new TransferProgress(5_000_000, 10_000_000, 1_000_000));
        rows[1].Enter(Phase.Processing);
        rows[1].Report(0.25);
        rows[2].Enter(Phase.Queued);
        rows[3].Enter(Phase.Reading);
        rows[3].Report(0.75);
        return progress;
    }

    private static string[] Draw(RunProgress progress, int width, bool color)
    {
        var console = new TestConsole().Width(width).Colors(color ? ColorSystem.TrueColor : ColorSystem.NoColors);
        console.EmitAnsiSequences = color;
        console.Write(new ProgressBoard(progress));
        return console.Output.TrimEnd('\n').Split('\n');
    }
}

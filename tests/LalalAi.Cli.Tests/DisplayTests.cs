using LalalAi.Cli.Display;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Spectre.Console.Testing;

namespace LalalAi.Cli.Tests;

/// <summary>What a terminal shows of a run.</summary>
public sealed class DisplayTests
{
    private static readonly string[] Names = ["short.wav", "A very long name of a song, with everything that people put there (live, remastered, 2026).flac", "歌曲の名前がとても長い場合にはどうなるのか.mp3", "broken\nname\u001b[31m.wav"];

    [Test]
    public void No_line_is_wider_than_the_terminal([Values(40, 60, 80, 120, 300)] int width)
    {
        var lines = Draw(Fill(new ProgressBoard(new FakeTimeProvider())), width, color: false);

        Assert.That(lines, Has.Length.EqualTo(Names.Length + 1));
        Assert.That(lines.Select(CellText.Width), Has.All.LessThan(width));
        Assert.That(string.Concat(lines), Does.Not.Contain('\u001b'));
    }

    [Test]
    public void Each_file_shows_its_phase_how_far_it_is_its_rate_and_the_time_left()
    {
        var lines = Draw(Fill(new ProgressBoard(new FakeTimeProvider())), 100, color: false);

        Assert.That(lines[0], Does.Match(@"^short\.wav +uploading +━+─+  50% 1\.0 MB/s 0:05 *$"));
        Assert.That(lines[1], Does.Contain("…").And.Contain("processing").And.Contain(" 25%"));
        Assert.That(lines[2], Does.Contain("queued"));
        Assert.That(lines[^1], Does.Match(@"^0 of 10 files +.*  0% 0:00"));
    }

    [Test]
    public void The_time_that_a_task_takes_is_told_from_how_fast_it_goes()
    {
        var clock = new FakeTimeProvider();
        var board = new ProgressBoard(clock) { Total = 1 };
        var row = board.Add("song.wav");
        row.Enter(Phase.Processing);
        row.Report(0.2);
        clock.Advance(TimeSpan.FromSeconds(30));
        row.Report(0.5);

        Assert.That(Draw(board, 100, color: false)[0], Does.Match(@"processing +━+─+  50% 0:50"));
    }

    [Test]
    public void Colours_are_used_where_there_are_any_and_nowhere_else()
    {
        var board = Fill(new ProgressBoard(new FakeTimeProvider()));

        Assert.That(string.Concat(Draw(board, 80, color: true)), Does.Contain('\u001b'));
        Assert.That(string.Concat(Draw(board, 80, color: false)), Does.Not.Contain('\u001b'));
    }

    [Test]
    public void What_does_not_fit_is_counted_and_transfers_come_first()
    {
        var board = new ProgressBoard(new FakeTimeProvider()) { Total = 300, Height = 24 };
        for (var number = 0; number < 200; number++)
        {
            board.Add($"queued{number}").Enter(Phase.Queued);
        }

        board.Add("moving").Enter(Phase.Downloading);
        var lines = Draw(board, 80, color: false);

        Assert.That(lines, Has.Length.LessThan(24));
        Assert.That(lines, Has.Some.StartsWith("moving").And.Some.StartsWith("and 185 more"));
    }

    [Test]
    public void A_file_that_has_ended_leaves_the_board()
    {
        var board = new ProgressBoard(new FakeTimeProvider()) { Total = 1 };

        board.Add("gone").Dispose();
        board.CountEnd();

        Assert.That(Draw(board, 80, color: false), Is.EqualTo(new[] { "1 of 1 files" }).Using<string>((actual, expected) => actual.StartsWith(expected, StringComparison.Ordinal)));
    }

    [Test]
    public async Task Notes_stand_above_the_board_and_stay_when_it_is_gone()
    {
        var console = new TestConsole().Width(80).Height(24).EmitAnsiSequences().Interactive();
        await using (var display = new TerminalDisplay(console, TimeProvider.System))
        {
            display.Total = 2;
            using var file = display.Begin("second.wav");
            file.Enter(Phase.Uploading);
            display.Note(Mark.Done, "first.wav: vocals, no_vocals in out/first");
        }

        Assert.That(console.Output, Does.Contain("first.wav: vocals, no_vocals in out/first"));
    }

    [Test]
    public async Task Without_a_terminal_there_is_a_line_for_each_thing_that_happens()
    {
        var lines = new List<string>();
        await using var display = new PlainDisplay(lines.Add) { Total = 2 };
        using (var file = display.Begin("a.wav"))
        {
            foreach (var phase in Enum.GetValues<Phase>())
            {
                file.Enter(phase);
                file.Enter(phase);
            }
        }

        display.Note(Mark.Done, "a.wav: vocals");
        display.Note(Mark.Failed, "b.wav: no minutes");

        Assert.That(lines, Is.EqualTo(new[] { "a.wav: uploading", "a.wav: processing", "a.wav: downloading", "[1/2] a.wav: vocals", "[2/2] FAILED b.wav: no minutes" }));
    }

    [TestCase(999, "999 B")]
    [TestCase(1_500, "2 kB")]
    [TestCase(12_340_000, "12.3 MB")]
    [TestCase(10e9, "10.0 GB")]
    public void Bytes_are_short(double bytes, string expected) => Assert.That(CellText.Bytes(bytes), Is.EqualTo(expected));

    private static ProgressBoard Fill(ProgressBoard board)
    {
        board.Total = 10;
        var rows = Names.Select(board.Add).ToList();
        rows[0].Enter(Phase.Uploading);
        rows[0].Report(0.5, new TransferProgress(5_000_000, 10_000_000, 1_000_000));
        rows[1].Enter(Phase.Processing);
        rows[1].Report(0.25);
        rows[2].Enter(Phase.Queued);
        return board;
    }

    private static string[] Draw(ProgressBoard board, int width, bool color)
    {
        var console = new TestConsole().Width(width).Colors(color ? ColorSystem.TrueColor : ColorSystem.NoColors);
        console.EmitAnsiSequences = color;
        console.Write(board);
        return console.Output.TrimEnd('\n').Split('\n');
    }
}

using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LalalAi.Cli.Display;

/// <summary>The part of the terminal that is drawn again and again: a row for each file that is being worked on, as many as fit, and one for all of them. No line is wider than the terminal.</summary>
internal sealed class ProgressBoard(TimeProvider timeProvider) : Renderable
{
    private const int MaximumRows = 16;
    private const int PhaseWidth = 11;
    private const int PercentWidth = 4;
    private const int DetailWidth = 20;

    private readonly Lock _lock = new();
    private readonly List<FileRow> _rows = [];
    private readonly long _began = timeProvider.GetTimestamp();
    private long _begun;
    private int _ended;

    public int Total { private get; set; }

    /// <summary>The height of the terminal.</summary>
    public int Height { private get; set; } = 24;

    public FileRow Add(string name)
    {
        lock (_lock)
        {
            var row = new FileRow(name, _begun++, timeProvider, Remove);
            _rows.Add(row);
            return row;
        }
    }

    /// <summary>Counts a file as ended.</summary>
    public void CountEnd() => Interlocked.Increment(ref _ended);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // The last columns stay free: some terminals go to the next line after writing the last, and those that show ^C for Ctrl-C do so behind the board.
        var width = Math.Max(20, maxWidth - 3);
        var (rows, hidden) = Visible();
        foreach (var row in rows)
        {
            foreach (var segment in Line(CellText.Fit(row.Name, NameWidth(width)), Describe(row.Phase), row.Fraction, Detail(row), width))
            {
                yield return segment;
            }

            yield return Segment.LineBreak;
        }

        if (hidden > 0)
        {
            yield return new Segment(CellText.Fit($"and {hidden} more", width), new Style(decoration: Decoration.Dim));
            yield return Segment.LineBreak;
        }

        var ended = Math.Min(_ended, Total);
        foreach (var segment in Line(CellText.Fit($"{ended} of {Total} files", NameWidth(width)), string.Empty, Total == 0 ? null : (double)ended / Total, Left(ended), width))
        {
            yield return segment;
        }
    }

    private static int NameWidth(int width) => Math.Min(36, width / 3);

    private static IEnumerable<Segment> Line(string name, string phase, double? fraction, string detail, int width)
    {
        var detailWidth = width >= 70 ? DetailWidth : 0;
        var bar = width - CellText.Width(name) - PhaseWidth - PercentWidth - detailWidth - 4;
        yield return new Segment(name + " ");
        yield return new Segment(CellText.Fit(phase, PhaseWidth) + " ", new Style(Color.Aqua));
        if (bar > 0)
        {
            var full = (int)Math.Round(bar * (fraction ?? 0));
            yield return new Segment(new string('━', full), new Style(Color.Green));
            yield return new Segment(new string('─', bar - full), new Style(decoration: Decoration.Dim));
        }

        yield return new Segment(fraction is { } part ? string.Create(CultureInfo.InvariantCulture, $" {part * 100,3:0}%") : "     ");
        yield return new Segment(detailWidth > 0 ? " " + CellText.Fit(detail, detailWidth) : string.Empty, new Style(decoration: Decoration.Dim));
    }

    private static string Describe(Phase phase) => phase.ToString().ToLowerInvariant();

    private static string Detail(FileRow row)
    {
        var rate = row.BytesPerSecond > 0 ? $"{CellText.Bytes(row.BytesPerSecond)}/s" : string.Empty;
        return row.Remaining is { } remaining ? $"{rate} {CellText.Time(remaining)}".TrimStart() : rate;
    }

    private string Left(int ended)
    {
        var elapsed = timeProvider.GetElapsedTime(_began);
        return ended == 0 || ended == Total ? CellText.Time(elapsed) : $"{CellText.Time(elapsed)}, {CellText.Time(elapsed / ended * (Total - ended))} left";
    }

    private (IReadOnlyList<FileRow> Rows, int Hidden) Visible()
    {
        lock (_lock)
        {
            var room = Math.Clamp(Height - 4, 1, MaximumRows);
            var rows = _rows.OrderBy(row => row.Rank).ThenBy(row => row.Number).Take(room).OrderBy(row => row.Number).ToList();
            return (rows, _rows.Count - rows.Count);
        }
    }

    private void Remove(FileRow row)
    {
        lock (_lock)
        {
            _rows.Remove(row);
        }
    }
}

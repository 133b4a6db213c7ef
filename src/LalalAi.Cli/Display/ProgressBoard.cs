using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LalalAi.Cli.Display;

/// <summary>
/// The part of the terminal that is updated in place: rows for files in progress, as many as fit, and the total. No line is wider than the
/// terminal.
/// </summary>
internal sealed class ProgressBoard(RunProgress progress) : Renderable
{
    private const int MaximumRows = 16;
    private const int LinesBelowRows = 6;
    private const int PhaseWidth = 11;
    private const int DetailWidth = 22;
    private const int PercentWidth = 4;

    private static readonly Style Dim = new(decoration: Decoration.Dim);

    /// <summary>The height of the terminal.</summary>
    public int Height { private get; set; } = 24;

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // The last columns stay empty, because some terminals wrap after the last column, and some show ^C after the board.
        var width = Math.Max(20, maxWidth - 3);
        var (rows, hidden) = progress.Visible(Math.Clamp(Height - LinesBelowRows, 1, MaximumRows));
        foreach (var row in rows)
        {
            foreach (var segment in Line(row.Name, row.Phase.ToString().ToLowerInvariant(), row.Fraction, Detail(row), width))
            {
                yield return segment;
            }
        }

        if (hidden > 0)
        {
            yield return new Segment(CellText.Fit($"and {hidden} more", width), Dim);
            yield return Segment.LineBreak;
        }

        var total = progress.Sum();
        var name = $"{total.Ended} of {total.Files} files";
        foreach (var segment in Line(name, string.Empty, total.Fraction, Left(total.Remaining), width))
        {
            yield return segment;
        }

        yield return new Segment(CellText.Fit(Describe(total, width), width), Dim);
        if (total.Pause is { } pause)
        {
            yield return Segment.LineBreak;
            yield return new Segment(CellText.Fit(pause, width), new Style(Color.Yellow));
        }
    }

    private static IEnumerable<Segment> Line(string name, string phase, double? fraction, string detail, int width)
    {
        var nameWidth = Math.Min(36, width / 3);
        var detailWidth = width >= 70 ? DetailWidth : 0;
        var bar = width - nameWidth - PhaseWidth - PercentWidth - detailWidth - 4;
        yield return new Segment(CellText.Fit(name, nameWidth) + " ");
        yield return new Segment(CellText.Fit(phase, PhaseWidth) + " ", new Style(Color.Aqua));
        if (bar > 0)
        {
            var full = (int)Math.Round(bar * (fraction ?? 0));
            yield return new Segment(new string('━', full), new Style(Color.Green));
            yield return new Segment(new string('─', bar - full), Dim);
        }

        yield return new Segment(fraction is { } part ? string.Create(CultureInfo.InvariantCulture, $" {part * 100,3:0}%") : "     ");
        yield return new Segment(detailWidth > 0 ? " " + CellText.Fit(detail, detailWidth) : string.Empty, Dim);
        yield return Segment.LineBreak;
    }

    private static string Detail(FileRow row) =>
        $"{(row.BytesPerSecond > 0 ? $"{CellText.Bytes(row.BytesPerSecond)}/s " : string.Empty)}{Left(row.Remaining)}";

    private static string Left(TimeSpan? remaining) => remaining is { } time ? $"{CellText.Time(time)} left" : string.Empty;

    /// <summary>Returns as many parts as fit, the most important ones first.</summary>
    private static string Describe(RunTotal total, int width)
    {
        var text = $"{CellText.Time(total.Elapsed)} elapsed";
        foreach (var part in new[]
        {
            total.Bytes > 0 ? $"{CellText.Bytes(total.UploadedBytes)} of {CellText.Bytes(total.Bytes)} uploaded" : null,
            total.Minutes > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{total.ProcessedMinutes:0.0} of {total.Minutes:0.0} minutes processed")
                : null,
        })
        {
            text = part is not null && text.Length + part.Length + 2 <= width ? $"{text}, {part}" : text;
        }

        return text;
    }
}

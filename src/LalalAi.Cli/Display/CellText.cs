using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace LalalAi.Cli.Display;

/// <summary>Measures and cuts text by terminal cells, because some characters are two cells wide.</summary>
internal static class CellText
{
    private const string Ellipsis = "…";

    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>Text without line breaks and escape sequences, which file names can contain.</summary>
    public static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(character => char.IsControl(character) ? '?' : character)) : text;

    /// <summary>Makes text exactly as wide as required: shortened with an ellipsis, or padded with spaces.</summary>
    public static string Fit(string text, int width)
    {
        var printable = Printable(text);
        var shortened = Width(printable) <= width ? printable : Shorten(printable, width - 1) + Ellipsis;
        return shortened + new string(' ', Math.Max(0, width - Width(shortened)));
    }

    /// <summary>A short path: relative to the current folder if the file is in it.</summary>
    public static string ShortPath(string path) =>
        Path.GetRelativePath(Environment.CurrentDirectory, path) is var relative
            && !Path.IsPathRooted(relative)
            && !relative.StartsWith("..", StringComparison.Ordinal)
            ? relative
            : path;

    /// <summary>Bytes in a suitable unit.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
    };

    /// <summary>Minutes with a suitable number of decimals.</summary>
    public static string Minutes(double? minutes) =>
        minutes?.ToString(minutes is > 0 and < 0.01 ? "0.####" : "0.##", CultureInfo.InvariantCulture) ?? "unknown";

    /// <summary>A number of things.</summary>
    public static string Count(int count, string what) => $"{count} {what}{(count == 1 ? string.Empty : "s")}";

    /// <summary>A time as minutes and seconds, or hours, minutes and seconds.</summary>
    public static string Time(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Min(time.TotalHours, 999)}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    /// <summary>The reason for a pause of the checks, and the time until the next one, at least one second.</summary>
    public static string Pause(string reason, TimeSpan delay) =>
        $"{reason}. The next attempt follows in {Time(TimeSpan.FromSeconds(Math.Ceiling(delay.TotalSeconds)))}.";

    private static string Shorten(string text, int width)
    {
        var shortened = new StringBuilder();
        var left = width;
        foreach (var rune in text.EnumerateRunes())
        {
            left -= Width(rune.ToString());
            if (left < 0)
            {
                break;
            }

            shortened.Append(rune);
        }

        return shortened.ToString();
    }
}

#!/usr/bin/env dotnet
#:property GenerateDocumentationFile=true
// Turns frames of a terminal, captured as text with ANSI colors, into an animated SVG.
// Usage: dotnet run frames-to-svg.cs -- FOLDER COLUMNS ROWS > picture.svg. Files are named by their time in milliseconds.

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

const double CellWidth = 8.4;
const double LineHeight = 19;
const double Margin = 16;
const double LastFrameSeconds = 6;

var (folder, columns, rows) = (args[0], Number(args[1]), Number(args[2]));
var frames = new List<(double At, string Text)>();
foreach (var path in Directory.GetFiles(folder).OrderBy(path => Number(Path.GetFileName(path))))
{
    var text = File.ReadAllText(path).TrimEnd();
    if (frames.Count == 0 || frames[^1].Text != text)
    {
        frames.Add((Number(Path.GetFileName(path)) / 1000.0, text));
    }
}

// The first frame is there from the start.
frames[0] = (0, frames[0].Text);
var total = frames[^1].At + LastFrameSeconds;
var (width, height) = ((columns * CellWidth) + (2 * Margin), (rows * LineHeight) + (2 * Margin));
var svg = new StringBuilder();
svg.Append(Invariant($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0} {height:0}" """));
svg.AppendLine(Invariant($"""width="{width:0}" height="{height:0}" role="img">"""));
svg.AppendLine("<title>lalalai splits an album in the sandbox</title>");
svg.AppendLine("<style>");
svg.AppendLine("text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d8dee9;white-space:pre}");
svg.AppendLine(".b{font-weight:600}.d{opacity:.6}");
for (var index = 0; index < frames.Count; index++)
{
    var isLast = index + 1 == frames.Count;
    var (from, to) = (frames[index].At / total * 100, isLast ? 100 : frames[index + 1].At / total * 100);
    svg.Append(Invariant($"@keyframes f{index}{{0%{{opacity:{(index == 0 ? 1 : 0)}}}{from:0.###}%{{opacity:1}}"));
    svg.AppendLine(Invariant($"{to:0.###}%{{opacity:{(isLast ? 1 : 0)}}}}}"));
    svg.AppendLine(Invariant($"#f{index}{{opacity:0;animation:f{index} {total:0.##}s step-end infinite}}"));
}

// The result is what remains for readers who prefer no motion.
svg.AppendLine(Invariant($"@media (prefers-reduced-motion){{g{{animation:none!important}}#f{frames.Count - 1}{{opacity:1!important}}}}"));
svg.AppendLine("</style>");
svg.AppendLine("""<rect width="100%" height="100%" rx="10" fill="#1c1b2e"/>""");
for (var index = 0; index < frames.Count; index++)
{
    svg.AppendLine(Invariant($"<g id=\"f{index}\">"));
    var lines = frames[index].Text.Split('\n');
    for (var row = 0; row < lines.Length; row++)
    {
        AppendLine(lines[row], Margin + ((row + 0.75) * LineHeight));
    }

    svg.AppendLine("</g>");
}

svg.AppendLine("</svg>");
Console.Out.Write(svg.ToString().ReplaceLineEndings("\n"));

void AppendLine(string line, double y)
{
    var (color, bold, dim, column) = (default(string), false, false, 0);
    foreach (var part in Regex.Split(line, "(\u001b\\[[0-9;]*m)"))
    {
        if (part.StartsWith('\u001b'))
        {
            var codes = part[2..^1].Split(';').Select(code => code.Length == 0 ? 0 : Number(code)).ToArray();
            for (var index = 0; index < codes.Length; index++)
            {
                switch (codes[index])
                {
                    case 0: (color, bold, dim) = (null, false, false); break;
                    case 1: bold = true; break;
                    case 2: dim = true; break;
                    case 22: (bold, dim) = (false, false); break;
                    case 39: color = null; break;
                    case >= 30 and <= 37: color = Color(codes[index] - 30); break;
                    case >= 90 and <= 97: color = Color(codes[index] - 82); break;
                    case 38 when codes[index + 1] == 5: color = Color(codes[index + 2]); index += 2; break;
                    case 38: color = $"#{codes[index + 2]:x2}{codes[index + 3]:x2}{codes[index + 4]:x2}"; index += 4; break;
                    default: break;
                }
            }

            continue;
        }

        if (part.Trim().Length > 0)
        {
            var classes = string.Join(' ', new[] { bold ? "b" : null, dim ? "d" : null }.OfType<string>());
            var length = part.TrimEnd().Length * CellWidth;
            svg.Append(Invariant($"<text x=\"{Margin + (column * CellWidth):0.#}\" y=\"{y:0.#}\" textLength=\"{length:0.#}\""));
            svg.Append(classes.Length > 0 ? $" class=\"{classes}\"" : null).Append(color is null ? null : $" style=\"fill:{color}\"");
            svg.Append('>').Append(part.TrimEnd().Replace("&", "&amp;").Replace("<", "&lt;")).AppendLine("</text>");
        }

        column += part.Length;
    }
}

static string Color(int index)
{
    string[] basic =
    [
        "#3b4252", "#e06c75", "#8fd694", "#ffb454", "#7aa2f7", "#c099ff", "#4fd6c8", "#d8dee9",
        "#7b8394", "#ff8a93", "#a6e3a1", "#ffd08a", "#9ab8ff", "#d3b6ff", "#7fe5da", "#ffffff",
    ];
    if (index < 16)
    {
        return basic[index];
    }

    if (index >= 232)
    {
        var gray = 8 + ((index - 232) * 10);
        return $"#{gray:x2}{gray:x2}{gray:x2}";
    }

    int[] levels = [0, 95, 135, 175, 215, 255];
    index -= 16;
    return $"#{levels[index / 36]:x2}{levels[index / 6 % 6]:x2}{levels[index % 6]:x2}";
}

static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

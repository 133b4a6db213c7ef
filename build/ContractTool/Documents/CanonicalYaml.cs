using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Documents;

/// <summary>
/// Writes a document as canonical YAML, independent of its previous layout: a changed fact changes only its own lines.
/// Keys keep their order and comments their places; what else there is to choose, such as quotation marks and line breaks, follows from
/// the values. Enums have a line for each value, because they grow.
/// </summary>
internal sealed partial class CanonicalYaml
{
    private const int Width = 110;

    private readonly StringBuilder _text = new();

    public static string Write(JObject root)
    {
        var writer = new CanonicalYaml();
        writer.WriteMapping(root, indent: 0, path: []);
        var text = writer._text.ToString();
        return JToken.DeepEquals(YamlDocumentReader.Read(text, "canonical"), root)
            ? text
            : throw new ContractException(
                "LC0016", "The document does not survive being written as YAML. Extend CanonicalYaml.", SourceLocation.Of(root));
    }

    private void WriteMapping(JObject mapping, int indent, string[] path, bool continuesLine = false)
    {
        foreach (var property in mapping.Properties())
        {
            var isFirst = property == mapping.First;
            if (!isFirst && HasSpacedEntries(path))
            {
                _text.Append('\n');
            }

            WriteComments(property, indent);
            WriteIndent(isFirst && continuesLine ? 0 : indent);
            _text.Append(Scalar(property.Name, isKey: true)).Append(':');
            WriteValue(property.Value, indent, [.. path, property.Name]);
        }
    }

    /// <summary>The value of a key or an item whose line is begun.</summary>
    private void WriteValue(JToken value, int indent, string[] path)
    {
        switch (value)
        {
            case JObject { Count: 0 }:
                _text.Append(" {}\n");
                break;
            case JArray { Count: 0 }:
                _text.Append(" []\n");
                break;
            case JObject mapping when path[^1] == "-" && mapping.First!.Annotation<YamlComments>() is null:
                _text.Append(' ');
                WriteMapping(mapping, indent + 2, path, continuesLine: true);
                break;
            case JObject mapping:
                _text.Append('\n');
                WriteMapping(mapping, indent + 2, path);
                break;
            case JArray list when path[^1] != "enum" && FlowList(list) is { } flow && CurrentColumn() + flow.Length < Width:
                _text.Append(' ').Append(flow).Append('\n');
                break;
            case JArray list:
                WriteList(list, indent, path);
                break;
            case JValue { Value: string text }:
                WriteText(text, indent);
                break;
            default:
                _text.Append(' ').Append(Number((JValue)value)).Append('\n');
                break;
        }
    }

    private void WriteList(JArray list, int indent, string[] path)
    {
        var isInLine = path[^1] == "-" && list.First!.Annotation<YamlComments>() is null;
        _text.Append(isInLine ? ' ' : '\n');
        foreach (var item in list)
        {
            WriteComments(item, indent + 2);
            WriteIndent(isInLine && item == list.First ? 0 : indent + 2);
            _text.Append('-');
            WriteValue(item, indent + 2, [.. path, "-"]);
        }
    }

    private void WriteText(string text, int indent)
    {
        var scalar = Scalar(text);
        var needsQuotes = scalar != text;
        if (!IsFoldable(text) || !(needsQuotes || CurrentColumn() + 1 + scalar.Length > Width))
        {
            _text.Append(' ').Append(scalar).Append('\n');
            return;
        }

        _text.Append(" >-\n");
        foreach (var (index, paragraph) in text.Split('\n').Index())
        {
            // A line break of the text is an empty line here.
            _text.Append(index == 0 ? "" : "\n");
            foreach (var line in Wrap(paragraph, Width - indent - 2))
            {
                WriteIndent(indent + 2);
                _text.Append(line).Append('\n');
            }
        }
    }

    /// <summary>Paths, schemas and the like are set apart by empty lines.</summary>
    private static bool HasSpacedEntries(string[] path) => path is [] or ["paths"] or ["components"] or ["components", _];

    private void WriteComments(JToken token, int indent)
    {
        foreach (var line in token.Annotation<YamlComments>()?.Lines ?? [])
        {
            WriteIndent(indent);
            _text.Append(line).Append('\n');
        }
    }

    private void WriteIndent(int indent) => _text.Append(' ', indent);

    private int CurrentColumn()
    {
        var column = 0;
        while (column < _text.Length && _text[^(column + 1)] != '\n')
        {
            column++;
        }

        return column;
    }

    private static string? FlowList(JArray list) =>
        list.All(item => item is JValue && item.Annotation<YamlComments>() is null)
            ? $"[{string.Join(
                ", ", list.Cast<JValue>().Select(value => value.Value is string text ? Scalar(text, isInFlow: true) : Number(value)))}]"
            : null;

    private static string Number(JValue value) => value.Value switch
    {
        null => "null",
        true => "true",
        false => "false",
        double number when number.ToString("R", CultureInfo.InvariantCulture) is var text =>
            text.Contains('.') ? text : text.Contains('E') ? text.Replace("E", ".0E", StringComparison.Ordinal) : text + ".0",
        var number => System.Convert.ToString(number, CultureInfo.InvariantCulture)!,
    };

    private static string Scalar(string text, bool isKey = false, bool isInFlow = false)
    {
        if (PrintableText.Of(text) != text)
        {
            return $"\"{PrintableText
                .Of(text.Replace("\\", "\\\\", StringComparison.Ordinal))
                .Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        }

        var isPlain = PlainText().IsMatch(text)
            && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal) && !text.EndsWith(':')
            && !(isInFlow && text.Any(",[]{}:?".Contains))
            && !OtherTypes().IsMatch(text)
            && !(isKey && text.Contains(' ')) // not every reader takes the line below such a key for a mapping
            && (isKey || YamlDocumentReader.ValueOf(text).Type == JTokenType.String);
        return isPlain ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    /// <summary>Whether line breaks can replace single spaces and come back as spaces when the text is read.</summary>
    private static bool IsFoldable(string text) =>
        text.Contains(' ')
            && text.Trim('\n') == text
            && text.Split('\n').All(line => line.Trim() == line && PrintableText.Of(line) == line);

    private static IEnumerable<string> Wrap(string paragraph, int width)
    {
        var start = 0;
        var end = -1;
        for (var index = 0; index <= paragraph.Length; index++)
        {
            var isBreak =
                index == paragraph.Length || (paragraph[index] == ' ' && paragraph[index - 1] != ' ' && paragraph[index + 1] != ' ');
            if (!isBreak)
            {
                continue;
            }

            if (index - start > width && end > start)
            {
                yield return paragraph[start..end];
                start = end + 1;
            }

            end = index;
        }

        if (start < paragraph.Length)
        {
            yield return paragraph[start..];
        }
    }

    /// <summary>What begins and ends with none of the characters that mean something there.</summary>
    [GeneratedRegex("""^[^\s\-?:,\[\]{}#&*!|>'"%@`](.*\S)?\z""")]
    private static partial Regex PlainText();

    /// <summary>What some reader of YAML, most of them of version 1.1, takes for something other than text.</summary>
    [GeneratedRegex(
        """
        ^(?:[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?|
        [-+]?0[xXoObB][0-9a-fA-F_]+|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|
        [-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|~|=|<<|\.\.\.|null|Null|NULL|
        y|Y|n|N|true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)\z
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex OtherTypes();
}

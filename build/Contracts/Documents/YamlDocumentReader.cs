using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LalalAi.Contracts.Documents;

/// <summary>
/// Turns YAML into a JSON tree by the core schema of YAML 1.2, the one that OpenAPI prescribes. It reads the parser's events:
/// YamlDotNet's own document model has no limit on depth and accepts aliases that contain themselves.
/// </summary>
public sealed partial class YamlDocumentReader
{
    private readonly IParser _parser;
    private readonly string _file;
    private readonly Dictionary<AnchorName, (JToken Token, int Nodes, int Height)> _anchors = [];
    private int _nodes;
    private int _deepest;

    private YamlDocumentReader(IParser parser, string file)
    {
        _parser = parser;
        _file = file;
    }

    public static JToken Read(string text, string file)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            return new YamlDocumentReader(parser, file).ReadStream();
        }
        catch (YamlException exception)
        {
            var location = new SourceLocation(file, (int)exception.Start.Line, (int)exception.Start.Column);
            throw new ContractException("LC0005", $"The document is not valid YAML: {exception.Message}", location, exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // What YamlDotNet 18 throws for a list that is never closed; its parser knows how far it got.
            var end = parser.Current?.End ?? Mark.Empty;
            var location = new SourceLocation(file, Math.Max(1, (int)end.Line), Math.Max(1, (int)end.Column));
            throw new ContractException(
                "LC0005",
                "The document is not valid YAML: it breaks off, or a bracket is not closed, somewhere after this place.",
                location,
                exception);
        }
    }

    /// <summary>The value of a plain scalar: null, a flag, a number or, if it is none of these, the text itself.</summary>
    public static JValue ValueOf(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => JValue.CreateNull(),
        "true" or "True" or "TRUE" => new JValue(true),
        "false" or "False" or "FALSE" => new JValue(false),
        _ when Integer().IsMatch(plain)
            && long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => new JValue(integer),
        _ when Number().IsMatch(plain)
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => new JValue(number),
        _ => new JValue(plain),
    };

    private JToken ReadStream()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            throw new ContractException("LC0004", "The file is empty; it must contain one YAML document.", new SourceLocation(_file, 1, 1));
        }

        var root = ReadNode(depth: 0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<StreamEnd>(out _)
            ? root
            : throw new ContractException(
                "LC0004", "The file contains several YAML documents; it must contain one.", new SourceLocation(_file, 1, 1));
    }

    private JToken ReadNode(int depth)
    {
        var (outerNodes, outerDeepest) = (_nodes, _deepest);
        var current = _parser.Consume<ParsingEvent>();
        var location = new SourceLocation(_file, (int)current.Start.Line, (int)current.Start.Column);
        if (current is AnchorAlias alias)
        {
            return ReadAlias(alias, depth, location);
        }

        Count(1, depth, location);
        _deepest = depth;
        if (current is not NodeEvent node || !node.Tag.IsEmpty)
        {
            throw new ContractException(
                "LC0006",
                "A YAML tag has no place in an OpenAPI document. Write the value itself, in quotation marks if it is text.",
                location);
        }

        JToken token = node switch
        {
            MappingStart => ReadMapping(depth),
            SequenceStart => ReadSequence(depth),
            Scalar { Style: ScalarStyle.Plain } scalar => ValueOf(scalar.Value),
            _ => new JValue(((Scalar)node).Value),
        };
        token.AddAnnotation(location);
        if (!node.Anchor.IsEmpty)
        {
            // Known only now, so that an alias cannot contain itself.
            _anchors[node.Anchor] = (token, _nodes - outerNodes, _deepest - depth);
        }

        _deepest = Math.Max(_deepest, outerDeepest);
        return token;
    }

    private JObject ReadMapping(int depth)
    {
        var mapping = new JObject();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Consume<ParsingEvent>();
            var location = new SourceLocation(_file, (int)key.Start.Line, (int)key.Start.Column);
            if (key is not Scalar { Value: var name })
            {
                throw new ContractException("LC0007", "A key of an OpenAPI document must be plain text.", location);
            }

            if (mapping.ContainsKey(name))
            {
                throw new ContractException("LC0005", $"The key `{name}` is there twice. Remove one of the two.", location);
            }

            var property = new JProperty(name, ReadNode(depth + 1));
            property.AddAnnotation(location);
            mapping.Add(property);
        }

        return mapping;
    }

    private JArray ReadSequence(int depth)
    {
        var sequence = new JArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            sequence.Add(ReadNode(depth + 1));
        }

        return sequence;
    }

    private JToken ReadAlias(AnchorAlias alias, int depth, SourceLocation location)
    {
        if (!_anchors.TryGetValue(alias.Value, out var anchor))
        {
            throw new ContractException(
                "LC0014",
                $"The alias `*{alias.Value}` stands for an anchor that is not defined before it, or for the value that contains it. "
                    + "Write the value out.",
                location);
        }

        Count(anchor.Nodes, depth + anchor.Height, location);
        _deepest = Math.Max(_deepest, depth + anchor.Height);
        return anchor.Token.DeepClone();
    }

    private void Count(int nodes, int depth, SourceLocation location)
    {
        _nodes += nodes;
        if (depth >= DocumentLimits.Depth)
        {
            throw DocumentLimits.TooDeep(location);
        }

        if (_nodes > DocumentLimits.Nodes)
        {
            throw DocumentLimits.TooManyNodes(location);
        }
    }

    [GeneratedRegex(@"^[-+]?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Number();
}

using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LalalAi.ContractTool.Documents;

/// <summary>
/// Turns YAML into a JSON tree by the core schema of YAML 1.2, the one that OpenAPI prescribes: YamlDotNet's own conversion to
/// JSON quotes numbers, and drops the positions that error messages need.
/// </summary>
internal static partial class YamlDocumentReader
{
    public static JToken Read(string text, string file)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            var stream = new YamlStream();
            stream.Load(parser);
            return stream.Documents.Count == 1
                ? Convert(stream.Documents[0].RootNode, file)
                : throw new ContractException("LC0004", $"The file holds {stream.Documents.Count} YAML documents; it must hold one.", new SourceLocation(file, 1, 1));
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
            throw new ContractException("LC0005", "The document is not valid YAML: it breaks off, or a bracket is not closed, somewhere after this place.", location, exception);
        }
    }

    private static JToken Convert(YamlNode node, string file)
    {
        JToken token = node switch
        {
            YamlMappingNode mapping => ConvertMapping(mapping, file),
            YamlSequenceNode sequence => new JArray(sequence.Children.Select(child => Convert(child, file))),
            YamlScalarNode scalar => ConvertScalar(scalar),
            _ => throw new ContractException("LC0006", $"A YAML {node.NodeType} has no place in an OpenAPI document.", Locate(node, file)),
        };
        token.AddAnnotation(Locate(node, file));
        return token;
    }

    private static JObject ConvertMapping(YamlMappingNode mapping, string file)
    {
        var result = new JObject();
        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name })
            {
                throw new ContractException("LC0007", "A key of an OpenAPI document must be plain text.", Locate(key, file));
            }

            var property = new JProperty(name, Convert(value, file));
            property.AddAnnotation(Locate(key, file));
            result.Add(property);
        }

        return result;
    }

    private static JValue ConvertScalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? string.Empty;
        if (scalar.Style != ScalarStyle.Plain)
        {
            return new JValue(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => JValue.CreateNull(),
            "true" or "True" or "TRUE" => new JValue(true),
            "false" or "False" or "FALSE" => new JValue(false),
            _ when Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => new JValue(integer),
            _ when Number().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => new JValue(number),
            _ => new JValue(text),
        };
    }

    private static SourceLocation Locate(YamlNode node, string file) => new(file, (int)node.Start.Line, (int)node.Start.Column);

    [GeneratedRegex(@"^[-+]?[0-9]+$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();
}

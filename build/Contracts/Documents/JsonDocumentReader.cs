using System.Numerics;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Documents;

/// <summary>Reads YAML or JSON text into a JSON tree whose tokens know where they came from.</summary>
public static class JsonDocumentReader
{
    public static JObject ReadFile(string path) => ReadText(ReadAllText(path), path);

    public static string ReadAllText(string path)
    {
        try
        {
            return new FileInfo(path).Length > DocumentLimits.Bytes
                ? throw DocumentLimits.TooLarge(new SourceLocation(path, 1, 1))
                : File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ContractException(
                "LC0001", $"The file cannot be read: {exception.Message}", new SourceLocation(path, 1, 1), exception);
        }
    }

    public static bool IsJson(string text) => text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n').StartsWith('{');

    public static JObject ReadText(string text, string file)
    {
        var root = IsJson(text) ? ReadJson(text, file) : YamlDocumentReader.Read(text, file);
        return root as JObject
            ?? throw new ContractException(
                "LC0002",
                "The document is not a mapping at its top level; an OpenAPI document starts with `openapi: 3.1.0`.",
                new SourceLocation(file, 1, 1));
    }

    private static JToken ReadJson(string text, string file)
    {
        try
        {
            // Dates stay the strings that they are in the contract.
            using var reader = new LimitedReader(text, file) { DateParseHandling = DateParseHandling.None, MaxDepth = null };
            var root = JToken.Load(reader, new JsonLoadSettings
            {
                LineInfoHandling = LineInfoHandling.Load,
                DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error,
            });
            if (reader.Read() && reader.TokenType != JsonToken.Comment)
            {
                throw new JsonReaderException(
                    "There is more text behind the end of the document.", reader.Path, reader.LineNumber, reader.LinePosition, null);
            }

            SourceLocation.Annotate(root, file);
            return root;
        }
        catch (JsonReaderException exception)
        {
            var location = new SourceLocation(file, Math.Max(1, exception.LineNumber), Math.Max(1, exception.LinePosition));
            throw new ContractException("LC0003", $"The document is not valid JSON: {exception.Message}", location, exception);
        }
    }

    /// <summary>Stops at the limits, and turns numbers that JSON allows and a contract cannot mean into an error.</summary>
    private sealed class LimitedReader(string text, string file) : JsonTextReader(new StringReader(text))
    {
        private int _tokens;

        public override bool Read()
        {
            var hasRead = base.Read();
            var location = new SourceLocation(file, Math.Max(1, LineNumber), Math.Max(1, LinePosition));
            if (Depth > DocumentLimits.Depth)
            {
                throw DocumentLimits.TooDeep(location);
            }

            // Names and ends of objects are tokens too, but no values.
            if (++_tokens > 3 * DocumentLimits.Nodes)
            {
                throw DocumentLimits.TooManyNodes(location);
            }

            return Value is BigInteger or double.NaN or double.PositiveInfinity or double.NegativeInfinity
                ? throw new JsonReaderException(
                    $"`{Value}` is not a number that a contract can have.", Path, LineNumber, LinePosition, null)
                : hasRead;
        }
    }
}

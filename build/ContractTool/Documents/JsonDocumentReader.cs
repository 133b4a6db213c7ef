using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Documents;

/// <summary>Reads YAML or JSON text into a JSON tree whose tokens know where they came from.</summary>
internal static class JsonDocumentReader
{
    public static JObject ReadFile(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ContractException("LC0001", $"The file cannot be read: {exception.Message}", new SourceLocation(path, 1, 1), exception);
        }

        return ReadText(text, path);
    }

    public static JObject ReadText(string text, string file)
    {
        var root = text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n').StartsWith('{') ? ReadJson(text, file) : YamlDocumentReader.Read(text, file);
        return root as JObject
            ?? throw new ContractException("LC0002", "The document is not a mapping at its top level; an OpenAPI document starts with `openapi: 3.1.0`.", new SourceLocation(file, 1, 1));
    }

    private static JToken ReadJson(string text, string file)
    {
        try
        {
            // Dates stay the strings that they are in the contract.
            using var reader = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
            var root = JToken.Load(reader, new JsonLoadSettings
            {
                LineInfoHandling = LineInfoHandling.Load,
                DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error,
            });
            if (reader.Read() && reader.TokenType != JsonToken.Comment)
            {
                throw new JsonReaderException("There is more text behind the end of the document.", reader.Path, reader.LineNumber, reader.LinePosition, null);
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
}

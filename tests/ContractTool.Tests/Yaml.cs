using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests;

/// <summary>Small contracts, written where they are tested.</summary>
internal static class Yaml
{
    public const string File = "contract.yml";

    /// <summary>A contract with one operation and the given schemas.</summary>
    public static OpenApiDocument ContractWithSchemas(string schemas) => OpenApiDocument.Parse(TextWithSchemas(schemas), File);

    /// <summary>A contract with the given paths and schemas.</summary>
    public static OpenApiDocument Contract(string paths, string schemas = "{}") => OpenApiDocument.Parse(Text(paths, schemas), File);

    public static string TextWithSchemas(string schemas) => Text("/api/v1/ping/: {post: {responses: {'200': {description: Pong.}}}}", schemas);

    public static string Text(string paths, string schemas) =>
        $"""
        openapi: 3.1.0
        info: {"{title: Small, version: 1.0.0}"}
        paths:
        {Indent(paths, 2)}
        components:
          schemas:
        {Indent(schemas, 4)}

        """;

    public static JToken Read(string text) => YamlDocumentReader.Read(text, File);

    public static string Indent(string text, int depth) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Length == 0 ? line : new string(' ', depth) + line));
}

using LalalAi.Contracts.Documents;

namespace LalalAi.ContractTool.Documents;

/// <summary>The contract of this repository with the comments in it.</summary>
internal sealed record VendoredContract(string Text, OpenApiDocument Document)
{
    public static VendoredContract Load(string path) => Parse(JsonDocumentReader.ReadAllText(path), path);

    public static VendoredContract Parse(string text, string file)
    {
        var document = OpenApiDocument.Parse(text, file);
        if (!JsonDocumentReader.IsJson(text))
        {
            YamlComments.Attach(text, document.Root, file);
        }

        return new VendoredContract(text, document);
    }

    /// <summary>The document as it is now, in canonical YAML.</summary>
    public string ToText() => CanonicalYaml.Write(Document.Root);
}

using LalalAi.Contracts.Documents;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering;

/// <summary>
/// The JSONPath that a part of the document had before any rule moved or renamed it: the target of an overlay action.
/// </summary>
internal sealed record ContractPlace(string Path)
{
    /// <summary>Remembers the place of every mapping of a document.</summary>
    public static void Annotate(OpenApiDocument document)
    {
        foreach (var mapping in document.Root.Descendants().OfType<JObject>())
        {
            mapping.AddAnnotation(new ContractPlace("$." + mapping.Path));
        }
    }

    /// <summary>The place of a token, or of the nearest mapping around it that was there from the start.</summary>
    public static string Of(JToken token) =>
        token.AncestorsAndSelf().Select(ancestor => ancestor.Annotation<ContractPlace>()).FirstOrDefault(place => place is not null)?.Path
            ?? "$." + token.Path;

    /// <summary>Lets a schema that a rule made answer with the place of the one that it was made of.</summary>
    public static void Copy(JToken from, JToken to)
    {
        to.AddAnnotation(new ContractPlace(Of(from)));
        if (SourceLocation.Of(from) is { } location)
        {
            to.AddAnnotation(location);
        }
    }

    /// <summary>The overlay action that gives a name to what cannot be named by itself.</summary>
    public static string OverlayEntry(JToken token, string update) =>
        $"Add to openapi/csharp.overlay.yml: `- {{target: {JsonConvert.ToString(Of(token))}, description: WHY, update: {{{update}}}}}`";
}

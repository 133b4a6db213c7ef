using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Documents;

/// <summary>A place in a source file. Lines and columns count from 1.</summary>
public sealed record SourceLocation(string File, int Line, int Column)
{
    /// <summary>
    /// The place that a token was read from. Tokens that a rule made have none; the nearest ancestor that has one responses for them.
    /// </summary>
    public static SourceLocation? Of(JToken token)
    {
        for (var current = token; current is not null; current = current.Parent)
        {
            if (current.Annotation<SourceLocation>() is { } location)
            {
                return location;
            }
        }

        return null;
    }

    /// <summary>Remembers, on every token of a JSON document, the place that it was read from.</summary>
    public static void Annotate(JToken root, string file)
    {
        foreach (var token in root is JContainer container ? container.DescendantsAndSelf() : [root])
        {
            if (token is IJsonLineInfo info && info.HasLineInfo())
            {
                token.AddAnnotation(new SourceLocation(file, info.LineNumber, Math.Max(1, info.LinePosition)));
            }
        }
    }

    public override string ToString() => $"{File}({Line},{Column})";
}

using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;
using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace LalalAi.ContractTool.Documents;

/// <summary>The lines of comment that stand above a key or an item, as they were written.</summary>
internal sealed record YamlComments(IReadOnlyList<string> Lines)
{
    /// <summary>Reads the comments of a YAML document and remembers each on the key or item below it.</summary>
    public static void Attach(string text, JObject root, string file)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var comments = new List<int>();
        var scanner = new Scanner(new StringReader(text), skipComments: false);
        while (scanner.MoveNext())
        {
            if (scanner.Current is Comment comment)
            {
                var line = (int)comment.Start.Line;
                if (!lines[line - 1].TrimStart().StartsWith('#'))
                {
                    throw Lost(new SourceLocation(file, line, (int)comment.Start.Column));
                }

                comments.Add(line);
            }
        }

        var places = root.Descendants().Where(token => token is JProperty || token.Parent is JArray)
            .Select(token => (Token: token, token.Annotation<SourceLocation>()?.Line))
                .Where(place => place.Line is not null)
                .OrderBy(place => place.Line)
                .ToList();
        foreach (var below in comments.GroupBy(comment => places.Find(place => place.Line > comment).Token))
        {
            if (below.Key is not { } token)
            {
                throw Lost(new SourceLocation(file, below.First(), 1));
            }

            token.AddAnnotation(new YamlComments([.. below.Select(line => lines[line - 1].Trim())]));
        }
    }

    private static ContractException Lost(SourceLocation location) =>
        new(
            "LC0015",
            "This comment would be lost: canonical YAML keeps comments on lines of their own above a key or an item. Move it there.",
            location);
}

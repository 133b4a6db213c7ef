using System.Text.RegularExpressions;
using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// A parameter -> the same, with a C# name beside the wire's. NSwag turns <c>Content-Disposition</c> into <c>content_Disposition</c>.
/// (That such a header belongs to the content and not to the request is the business of the client template.)
/// </summary>
internal sealed partial class ParameterNamesRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var (_, _, operation) in context.Document.Operations())
        {
            var names = new HashSet<string> { "body", "cancellationToken" };
            foreach (var parameter in (operation["parameters"] as JArray ?? [])
                .OfType<JObject>()
                .Where(parameter => parameter["$ref"] is null))
            {
                var wireName = parameter["name"].AsText() ?? string.Empty;
                var name = parameter[SchemaNamesRule.NameExtension].AsText() ?? CSharpName.From(wireName);
                if (!WireName().IsMatch(wireName) || name is null || !CSharpName.IsValid(name) || !names.Add(CSharpName.ToCamelCase(name)))
                {
                    throw new ContractException(
                        "LC0280",
                        $"The parameter `{wireName}` of `{ContractPlace.Of(operation)}` has no name of its own in C#. "
                            + $"{ContractPlace.OverlayEntry(parameter, $"{SchemaNamesRule.NameExtension}: NAME")}",
                        SourceLocation.Of(parameter));
                }

                parameter.Remove(SchemaNamesRule.NameExtension);
                parameter["x-originalName"] = CSharpName.ToCamelCase(name);
                count++;
            }
        }

        return count;
    }

    /// <summary>What headers and queries are called, and what may stand in a C# literal.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9_.\[\]-]+\z")]
    private static partial Regex WireName();
}

using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// A header parameter -> the same, with a C# name beside the wire's. NSwag turns <c>Content-Disposition</c> into <c>content_Disposition</c>. (That such a header
/// belongs to the content and not to the request is the business of the client template.)
/// </summary>
internal sealed class HeaderParameterNamesRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var (_, _, operation) in context.Document.Operations())
        {
            foreach (var parameter in (operation["parameters"] as JArray ?? []).OfType<JObject>().Where(parameter => parameter["in"].AsText() == "header"))
            {
                var name = PascalCase.From(parameter["name"].AsText() ?? string.Empty);
                parameter["x-originalName"] = char.ToLowerInvariant(name[0]) + name[1..];
                count++;
            }
        }

        return count;
    }
}

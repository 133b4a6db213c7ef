using System.Text;
using System.Text.RegularExpressions;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// Prose -> text whose only control character is the line feed. NSwag writes it into comments and starts a new comment line at a line
/// feed only; C# ends one at five other characters too, and what follows would be code. A <c>title</c> goes: NSwag takes it for a type's
/// name.
/// </summary>
internal sealed partial class ProseRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var prose in context.Document.Root
            .Descendants()
            .OfType<JValue>()
            .Where(value => value.Parent is JProperty { Name: "description" or "summary" }))
        {
            if (prose.Value is string text && Clean(text) is var clean && clean != text)
            {
                prose.Value = clean;
                count++;
            }
        }

        foreach (var schema in Schemas.In(context.Document))
        {
            count += schema.Remove("title") ? 1 : 0;
        }

        return count;
    }

    private static string Clean(string text)
    {
        var lines = LineBreak().Replace(text, "\n");
        var result = new StringBuilder();
        foreach (var rune in lines.EnumerateRunes())
        {
            if (rune.Value is '\n'
                || Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Control
                    or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.OtherNotAssigned))
            {
                result.Append(rune);
            }
        }

        return result.ToString();
    }

    [GeneratedRegex("\r\n|[\r\f\v\u0085\u2028\u2029]")]
    private static partial Regex LineBreak();
}

using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>The 3.1 list <c>examples</c> of a schema -> the single <c>example</c> of 3.0, which is all that NSwag knows.</summary>
internal sealed class ExamplesRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var schema in Schemas.In(context.Document))
        {
            if (schema["examples"] is not JArray examples)
            {
                continue;
            }

            schema.Remove("examples");
            if (examples.Count > 0)
            {
                schema["example"] ??= examples[0];
            }

            count++;
        }

        return count;
    }
}

using LalalAi.Contracts.Comparing;
using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// An <c>integer</c> that no bound keeps inside 32 bits -> <c>int64</c>. NSwag makes an <c>int</c> of every integer without a format, and
/// reading the <c>size</c> of a 10 GB upload throws.
/// </summary>
internal sealed class WideIntegersRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var schema in Schemas.In(context.Document))
        {
            if (schema["type"].AsText() == "integer"
                && schema["format"] is null
                && schema["enum"] is null
                && !SchemaFacts.FitsInt32(schema))
            {
                schema["format"] = "int64";
                count++;
            }
        }

        return count;
    }
}

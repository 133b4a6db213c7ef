using LalalAi.Contracts.Documents;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// OpenAPI 3.1 -> 3.0.3. NSwag 14.7 takes the 3.1 form of nullable types, constants and references only in part; each is
/// lowered by a rule of its own, after which the document is plain 3.0 and may say so.
/// </summary>
internal sealed class OpenApiVersionRule : ILoweringRule
{
    private const string Lowered = "3.0.3";

    public int Apply(LoweringContext context)
    {
        var root = context.Document.Root;
        if (root["openapi"].AsText() == Lowered)
        {
            return 0;
        }

        root["openapi"] = Lowered;
        root.Remove("jsonSchemaDialect");
        return 1;
    }
}

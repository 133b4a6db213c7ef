using LalalAi.Contracts.Documents;

namespace LalalAi.ContractTool.Lowering;

/// <summary>What the rules share: the document that they change, and the union tables that they fill.</summary>
internal sealed class LoweringContext(OpenApiDocument document)
{
    public OpenApiDocument Document { get; } = document;

    /// <summary>The unions that the lowered document no longer shows, for the code that maps them by hand.</summary>
    public List<UnionTable> Unions { get; } = [];
}

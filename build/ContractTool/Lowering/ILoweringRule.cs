namespace LalalAi.ContractTool.Lowering;

/// <summary>
/// One step that turns a construct which NSwag reads wrongly into one that it reads well. The class's documentation names the limit
/// it works round, so that the rule can go when the limit does.
/// </summary>
internal interface ILoweringRule
{
    /// <summary>Applies the rule everywhere and returns in how many places it did something.</summary>
    int Apply(LoweringContext context);
}

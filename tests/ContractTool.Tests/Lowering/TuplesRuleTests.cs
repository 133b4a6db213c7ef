using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class TuplesRuleTests
{
    private readonly TuplesRule _rule = new();

    [TestCase("{type: array, prefixItems: [{type: number}, {type: number}], minItems: 2}", "{type: array, items: {type: number}, minItems: 2}")]
    [TestCase("{prefixItems: [{type: number}, {type: string}]}", "{type: array, items: {}}")]
    [TestCase("{type: array, prefixItems: [{type: number}], items: {type: string}}", "{type: array, items: {}}")]
    public void A_list_with_a_type_for_each_place_becomes_a_list_of_what_they_share(string before, string after) => RuleAssert.Turns(_rule, before, after);

    [TestCase("Subject: {type: array, items: {type: string}}")]
    public void Other_lists_are_left_alone(string schema) => RuleAssert.LeavesAlone(_rule, schema);
}

using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class ReferenceSiblingsRuleTests
{
    private readonly ReferenceSiblingsRule _rule = new();

    [Test]
    public void Siblings_of_a_reference_move_around_it() => RuleAssert.Turns(
        _rule,
        "{$ref: '#/components/schemas/Subject', description: Why., nullable: true}",
        "{allOf: [{$ref: '#/components/schemas/Subject'}], description: Why., nullable: true}");

    [Test]
    public void A_list_that_stands_beside_a_reference_is_not_lost() => RuleAssert.Turns(
        _rule,
        "{$ref: '#/components/schemas/Subject', allOf: [{type: object}]}",
        "{allOf: [{$ref: '#/components/schemas/Subject'}, {type: object}]}");

    [TestCase("Subject: {items: {$ref: '#/components/schemas/Subject'}}")]
    [TestCase("Subject: {properties: {$ref: {type: string}, b: {type: string}}}")]
    public void A_reference_by_itself_is_left_alone(string schemas) => RuleAssert.LeavesAlone(_rule, schemas);
}

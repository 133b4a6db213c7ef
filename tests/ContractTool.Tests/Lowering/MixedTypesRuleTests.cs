using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class MixedTypesRuleTests
{
    private readonly MixedTypesRule _rule = new();

    [TestCase("{anyOf: [{type: string}, {type: integer}], description: A place.}", "{description: A place.}")]
    [TestCase("{oneOf: [{type: string, maxLength: 3}, {type: boolean}], nullable: true}", "{nullable: true}")]
    [TestCase("{type: [string, integer], minimum: 1}", "{}")]
    public void A_choice_between_plain_types_becomes_any_value(string before, string after) => RuleAssert.Turns(_rule, before, after);

    [TestCase("Subject: {anyOf: [{type: string}, {type: object}]}")]
    [TestCase("Subject: {anyOf: [{type: string}]}")]
    [TestCase("Subject: {type: string}")]
    public void Other_choices_are_left_alone(string schema) => RuleAssert.LeavesAlone(_rule, schema);
}

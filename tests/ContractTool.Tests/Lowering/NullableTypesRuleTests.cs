using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class NullableTypesRuleTests
{
    private readonly NullableTypesRule _rule = new();

    [TestCase("{anyOf: [{type: string, format: uuid4}, {type: 'null'}]}", "{type: string, format: uuid4, nullable: true}", TestName = "anyOf_with_null_becomes_a_nullable_type")]
    [TestCase("{oneOf: [{type: 'null'}, {type: integer}]}", "{type: integer, nullable: true}", TestName = "oneOf_with_null_becomes_a_nullable_type")]
    [TestCase("{type: [string, 'null']}", "{type: string, nullable: true}", TestName = "A_list_of_a_type_and_null_becomes_a_nullable_type")]
    [TestCase("{anyOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}", "{$ref: '#/components/schemas/A', nullable: true}", TestName = "A_reference_or_null_becomes_a_nullable_reference")]
    [TestCase("{anyOf: [{type: string}, {type: integer}, {type: 'null'}]}", "{anyOf: [{type: string}, {type: integer}], nullable: true}", TestName = "Several_types_or_null_stay_a_choice_that_is_nullable")]
    [TestCase("{description: Outer., anyOf: [{type: string, description: Inner.}, {type: 'null'}]}", "{description: Outer., type: string, nullable: true}", TestName = "What_stands_outside_wins_over_what_stands_inside")]
    [TestCase("{anyOf: [{type: [string, integer]}, {type: 'null'}]}", "{type: [string, integer], nullable: true}", TestName = "A_choice_of_types_inside_does_not_stop_the_rule")]
    public void Turns(string before, string after) => RuleAssert.Turns(_rule, before, after);

    [Test]
    public void A_nullable_type_inside_a_nullable_type_is_lowered_too() => RuleAssert.Turns(
        _rule,
        "{anyOf: [{type: array, items: {anyOf: [{type: string}, {type: 'null'}]}}, {type: 'null'}]}",
        "{type: array, items: {type: string, nullable: true}, nullable: true}",
        places: 2);

    [TestCase("Subject: {type: string}")]
    [TestCase("Subject: {anyOf: [{type: string}, {type: integer}]}")]
    [TestCase("Subject: {type: [string, integer]}")]
    [TestCase("Subject: {anyOf: [{type: [string, integer]}, {type: boolean}]}")]
    [TestCase("Subject: {type: object, properties: {anyOf: {type: string}}}")]
    public void Types_that_are_never_null_are_left_alone(string schemas) => RuleAssert.LeavesAlone(_rule, schemas);
}

using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class StringEnumUnionsRuleTests
{
    private const string Enums = "A: {type: string, enum: [a, b]}\nB: {type: string, enum: [b, c]}\n";

    private readonly StringEnumUnionsRule _rule = new();

    [Test]
    public void Alternatives_that_are_enums_become_one_enum_with_each_value_once() => RuleAssert.TurnsSchemas(
        _rule,
        Enums + "Subject: {properties: {code: {description: Why., anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}}}",
        "Subject: {properties: {code: {description: Why., type: string, enum: [a, b, c]}}}");

    [Test]
    public void An_enum_that_is_used_elsewhere_too_stays() => RuleAssert.TurnsSchemas(
        _rule,
        Enums + "Subject: {anyOf: [{$ref: '#/components/schemas/A'}, {type: string, enum: [c]}]}\nOther: {items: {$ref: '#/components/schemas/A'}}",
        Enums + "Subject: {type: string, enum: [a, b, c]}\nOther: {items: {$ref: '#/components/schemas/A'}}");

    [TestCase("Subject: {anyOf: [{$ref: '#/components/schemas/A'}, {type: string}]}")]
    [TestCase("Subject: {anyOf: [{$ref: '#/components/schemas/A'}, {type: integer, enum: [1]}]}")]
    [TestCase("Subject: {anyOf: [{type: [string, integer], enum: [a]}]}")]
    [TestCase("Subject: {oneOf: [{$ref: '#/components/schemas/A'}]}")]
    public void Other_alternatives_are_left_alone(string schemas) => RuleAssert.LeavesAlone(_rule, Enums + schemas);

    [Test]
    public void An_alternative_that_is_not_there_stops_the_build() =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas("Subject: {anyOf: [{$ref: '#/components/schemas/Gone'}]}"), "LC0012", "Gone");
}

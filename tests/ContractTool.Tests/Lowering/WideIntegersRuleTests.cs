using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class WideIntegersRuleTests
{
    private readonly WideIntegersRule _rule = new();

    [TestCase("type: integer")]
    [TestCase("type: integer, minimum: 0")]
    [TestCase("type: integer, maximum: 100")]
    [TestCase("type: integer, minimum: 0, maximum: 2147483648")]
    [TestCase("type: integer, minimum: -2147483649, maximum: 0")]
    public void An_integer_that_may_outgrow_32_bits_gets_64(string schema) => RuleAssert.Turns(_rule, $"{{{schema}}}", $"{{{schema}, format: int64}}");

    [TestCase("type: integer, minimum: 0, maximum: 100")]
    [TestCase("type: integer, minimum: -2147483648, maximum: 2147483647")]
    [TestCase("type: integer, exclusiveMinimum: 0, exclusiveMaximum: 100")]
    [TestCase("type: integer, format: int32")]
    [TestCase("type: integer, enum: [0, 1]")]
    [TestCase("type: number")]
    [TestCase("type: [integer, string]")]
    public void Other_numbers_are_left_alone(string schema) => RuleAssert.LeavesAlone(_rule, $"Subject: {{{schema}}}");
}

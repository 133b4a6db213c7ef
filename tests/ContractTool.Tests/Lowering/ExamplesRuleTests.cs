using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class ExamplesRuleTests
{
    private readonly ExamplesRule _rule = new();

    [TestCase("{examples: [a, b]}", "{example: a}", TestName = "The_first_example_stays")]
    [TestCase("{examples: [[a, b]]}", "{example: [a, b]}", TestName = "An_example_that_is_a_list_stays_whole")]
    [TestCase("{examples: [a], example: b}", "{example: b}", TestName = "An_example_that_is_there_already_wins")]
    [TestCase("{examples: []}", "{}", TestName = "No_examples_make_no_example")]
    public void Turns(string before, string after) => RuleAssert.Turns(_rule, before, after);

    [TestCase("Subject: {example: a}")]
    [TestCase("Subject: {properties: {examples: {type: array}}}")]
    public void Everything_else_is_left_alone(string schemas) => RuleAssert.LeavesAlone(_rule, schemas);
}

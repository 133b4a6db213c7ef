using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class ConstantsRuleTests
{
    private readonly ConstantsRule _rule = new();

    [TestCase("{properties: {stem: {const: voice}}}", "{properties: {stem: {type: string, default: voice}}, required: [stem]}", TestName = "A_constant_becomes_a_required_string_that_is_sent_by_itself")]
    [TestCase("{properties: {stem: {const: voice}}, required: [stem]}", "{properties: {stem: {type: string, default: voice}}, required: [stem]}", TestName = "A_required_constant_is_required_once")]
    [TestCase("{properties: {multivocal: {const: lead_back, nullable: true}}}", "{properties: {multivocal: {type: string, enum: [lead_back], nullable: true}}}", TestName = "A_constant_that_may_be_null_becomes_a_choice_of_one")]
    public void Turns(string before, string after) => RuleAssert.Turns(_rule, before, after);

    [TestCase("1")]
    [TestCase("true")]
    public void A_constant_that_is_no_string_stops_the_build(string value) =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas($"Subject: {{const: {value}}}"), "LC0230", "$.components.schemas.Subject", "overlay");

    [Test]
    public void A_property_called_const_is_left_alone() => RuleAssert.LeavesAlone(_rule, "Subject: {properties: {const: {type: string}}}");
}

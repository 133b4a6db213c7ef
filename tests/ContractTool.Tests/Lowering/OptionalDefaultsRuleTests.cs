using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class OptionalDefaultsRuleTests
{
    private readonly OptionalDefaultsRule _rule = new();

    [TestCase("{type: boolean, default: false}", "{type: boolean, description: 'When left out, the service uses `false`.'}", TestName = "A_default_becomes_a_sentence")]
    [TestCase("{default: auto, description: \"The splitter.\\n\"}", "{description: \"The splitter.\\n\\nWhen left out, the service uses `auto`.\"}", TestName = "A_default_follows_the_description_as_a_paragraph")]
    [TestCase("{type: number, default: 1.0}", "{type: number, description: 'When left out, the service uses `1.0`.'}", TestName = "A_number_stays_as_it_was_written")]
    [TestCase("{type: string, default: null}", "{type: string}", TestName = "The_default_null_says_nothing")]
    [TestCase("{const: success, default: success}", "{const: success}", TestName = "The_default_of_a_constant_says_nothing")]
    public void Turns(string before, string after) => RuleAssert.Turns(_rule, before, after);

    [Test]
    public void A_property_called_default_is_left_alone() => RuleAssert.LeavesAlone(_rule, "Subject: {type: object, properties: {default: {type: string}}}");
}

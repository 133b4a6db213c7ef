using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class ProseRuleTests
{
    private readonly ProseRule _rule = new();

    [TestCase("one\\r\\ntwo", "one\\ntwo")]
    [TestCase("one\\rtwo", "one\\ntwo")]
    [TestCase("one\\u0085public int X;", "one\\npublic int X;")]
    [TestCase("one\\u2028public int X;", "one\\npublic int X;")]
    [TestCase("one\\u2029public int X;", "one\\npublic int X;")]
    [TestCase("one\\u0000two", "onetwo")]
    [TestCase("one\\u001b[31mtwo", "one[31mtwo")]
    [TestCase("one\\u202etwo", "onetwo")]
    public void A_description_keeps_no_control_character_but_the_line_feed(string text, string expected) =>
        RuleAssert.Turns(_rule, $"{{description: \"{text}\"}}", $"{{description: \"{expected}\"}}");

    [Test]
    public void Titles_are_removed_and_properties_named_title_are_kept() =>
        RuleAssert.Turns(_rule, "{title: Subject, properties: {title: {type: string}, description: {type: string}}}", "{properties: {title: {type: string}, description: {type: string}}}");

    [TestCase("Subject: {description: \"A stem: größer, 吉他, 🎸.\\nNext line.\"}")]
    public void Other_text_is_left_alone(string schemas) => RuleAssert.LeavesAlone(_rule, schemas);
}

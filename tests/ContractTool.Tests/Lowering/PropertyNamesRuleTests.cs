using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class PropertyNamesRuleTests
{
    private readonly PropertyNamesRule _rule = new();

    [TestCase("e-mail", "EMail")]
    [TestCase("@id", "Id")]
    [TestCase("stem_2", "Stem2")]
    [TestCase("_private", "Private")]
    [TestCase("a__b", "AB")]
    public void A_property_that_is_more_than_joined_words_gets_a_name_beside_its_own(string name, string expected) =>
        RuleAssert.Turns(_rule, $"{{properties: {{'{name}': {{type: string}}}}}}", $"{{properties: {{'{name}': {{type: string, x-csharp-property: {expected}}}}}}}");

    [Test]
    public void A_name_in_the_overlay_is_taken() =>
        RuleAssert.Turns(_rule, "{properties: {2nd: {x-csharp-property: Second}}}", "{properties: {2nd: {x-csharp-property: Second}}}");

    [TestCase("2nd")]
    [TestCase("größe")]
    [TestCase("subject")]
    [TestCase("clone")]
    [TestCase("to_string")]
    [TestCase("additional_properties")]
    public void A_property_without_a_name_stops_the_build_with_the_overlay_entry(string name)
    {
        var isOnTheWire = name.All(char.IsAscii);
        RuleAssert.Stops(
            _rule,
            Yaml.ContractWithSchemas($"Subject: {{properties: {{{name}: {{type: string}}}}}}"),
            isOnTheWire ? "LC0270" : "LC0272",
            "overlay");
    }

    [TestCase("a\\\", NullValueHandling = 0)] public int X; //")]
    [TestCase("a\\u2028b")]
    [TestCase("")]
    public void A_property_with_other_characters_in_its_name_stops_the_build(string name) =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas($"Subject: {{properties: {{\"{name}\": {{type: string}}}}}}"), "LC0272", "AdditionalProperties");

    [Test]
    public void Properties_with_one_name_stop_the_build_with_the_overlay_entry() =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas("Subject: {properties: {e-mail: {}, e_mail: {}}}"), "LC0271", "`e-mail`", "`e_mail`", "properties.e_mail\"", "x-csharp-property: NAME");

    [Test]
    public void Joined_words_are_left_alone() => RuleAssert.LeavesAlone(_rule, "Subject: {properties: {source_id: {}, packId: {}}}");
}

using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Lowering.Rules;
using LalalAi.ContractTool.Overlays;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class EnumNamesRuleTests
{
    private readonly EnumNamesRule _rule = new();

    [TestCase("sirius-2.0", "Sirius20")]
    [TestCase("acoustic_guitar", "AcousticGuitar")]
    [TestCase("ALEX_KAYE", "ALEXKAYE")]
    [TestCase("vocals@0", "Vocals0")]
    [TestCase("4k", "Value4k")]
    [TestCase("class", "Class")]
    [TestCase("with \"quotes\"", "WithQuotes")]
    public void A_value_gets_the_name_that_its_words_give(string value, string name) =>
        RuleAssert.Turns(_rule, $"{{type: string, enum: [{Quote(value)}]}}", $"{{type: string, enum: [{Quote(value)}], x-enumNames: [{name}]}}");

    [Test]
    public void A_name_in_the_overlay_belongs_to_its_value_in_any_order() =>
        RuleAssert.Turns(_rule, "{type: integer, enum: [2, 0], x-csharp-names: {0: Mild, 2: Aggressive}}", "{type: integer, enum: [2, 0], x-enumNames: [Aggressive, Mild]}");

    [TestCase("吉他", "string")]
    [TestCase("café", "string")]
    [TestCase("", "string")]
    [TestCase("--", "string")]
    [TestCase("value", "string")]
    [TestCase("known_values", "string")]
    [TestCase("to_string", "string")]
    [TestCase("subject", "string")]
    [TestCase("3", "integer")]
    public void A_value_without_a_name_stops_the_build_with_the_overlay_entry(string value, string type) => RuleAssert.Stops(
        _rule,
        Yaml.ContractWithSchemas($"Subject: {{type: {type}, enum: [{(type == "string" ? Quote(value) : value)}]}}"),
        "LC0260",
        $"`{value}`",
        "csharp.overlay.yml",
        "target: \"$.components.schemas.Subject\"",
        $"x-csharp-names: {{\"{value}\": NAME}}");

    [TestCase("sirius-2.0", "sirius_20")]
    [TestCase("+1", "-1")]
    [TestCase("c", "c#")]
    public void Values_with_one_name_stop_the_build_with_the_overlay_entry(string first, string second) => RuleAssert.Stops(
        _rule,
        Yaml.ContractWithSchemas($"Subject: {{type: string, enum: [{Quote(first)}, {Quote(second)}]}}"),
        "LC0261",
        $"`{first}`",
        $"`{second}`",
        $"x-csharp-names: {{\"{second}\": NAME}}");

    [Test]
    public void A_name_for_a_value_that_is_gone_stops_the_build() =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas("Subject: {type: string, enum: [a], x-csharp-names: {b: B}}"), "LC0262", "`b`", "Remove the name");

    [TestCase("a\\nb")]
    [TestCase("a\\u2028b")]
    [TestCase("a\\u0085b")]
    public void A_value_with_a_control_character_stops_the_build(string value) =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas($"Subject: {{type: string, enum: [\"{value}\"]}}"), "LC0263", "control character");

    [Test]
    public void A_name_that_is_not_one_of_CSharp_stops_the_build() =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas("Subject: {type: string, enum: [a], x-csharp-names: {a: 'B { get; }'}}"), "LC0260");

    [Test]
    public void The_overlay_entry_names_the_place_in_the_contract_and_not_where_the_rules_moved_it()
    {
        var exception = Assert.Throws<ContractException>(() => Lowerer.Lower(Yaml.ContractWithSchemas("A_1: {properties: {stem: {type: string, enum: ['吉他']}}}"), overlay: null));
        Assert.That(exception.Message, Does.Contain("target: \"$.components.schemas.A_1.properties.stem\""));
    }

    [Test]
    public void The_overlay_entry_of_the_message_is_all_that_is_needed()
    {
        const string contract = "A: {properties: {stem: {type: string, enum: ['吉他']}}}";
        var message = Assert.Throws<ContractException>(() => Lowerer.Lower(Yaml.ContractWithSchemas(contract), overlay: null))!.Message;
        var entry = message[(message.IndexOf("`- ", StringComparison.Ordinal) + 1)..message.LastIndexOf('`')].Replace("NAME", "Guitar", StringComparison.Ordinal);

        var lowered = Lowerer.Lower(Yaml.ContractWithSchemas(contract), Overlay.Parse($"overlay: 1.0.0\nactions:\n{entry}\n", "overlay.yml"));

        Assert.That((string?)lowered.Document.Schemas["AStem"]!["x-enumNames"]![0], Is.EqualTo("Guitar"));
    }

    private static string Quote(string value) => $"'{value}'";
}

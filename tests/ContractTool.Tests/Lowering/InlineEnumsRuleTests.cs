using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class InlineEnumsRuleTests
{
    private readonly InlineEnumsRule _rule = new();

    [Test]
    public void An_enum_in_a_property_becomes_a_schema_named_after_its_place() => RuleAssert.TurnsSchemas(
        _rule,
        "Presets: {properties: {stem_name: {type: string, enum: [vocals, drum], description: The stem.}}}",
        """
        Presets: {properties: {stem_name: {$ref: '#/components/schemas/PresetsStemName', description: The stem.}}}
        PresetsStemName: {type: string, enum: [vocals, drum], description: The stem.}
        """);

    [Test]
    public void An_enum_in_a_list_is_named_after_the_list() => RuleAssert.TurnsSchemas(
        _rule,
        "Presets: {properties: {stems: {type: array, items: {type: string, enum: [vocals]}}}}",
        """
        Presets: {properties: {stems: {type: array, items: {$ref: '#/components/schemas/PresetsStems'}}}}
        PresetsStems: {type: string, enum: [vocals]}
        """);

    [Test]
    public void Places_that_share_a_name_share_a_type_with_the_values_of_all() => RuleAssert.TurnsSchemas(
        _rule,
        """
        A: {properties: {stem: {type: string, enum: [vocals, drum], x-csharp-name: Stem, x-type-description: A stem., description: One.}}}
        B: {properties: {stem: {type: string, enum: [drum, bass], x-csharp-name: Stem, nullable: true}}}
        """,
        """
        A: {properties: {stem: {$ref: '#/components/schemas/Stem', description: One.}}}
        B: {properties: {stem: {$ref: '#/components/schemas/Stem', nullable: true}}}
        Stem: {type: string, enum: [vocals, drum, bass], description: A stem.}
        """,
        places: 2);

    [Test]
    public void A_name_that_a_schema_of_the_contract_has_stops_the_build() =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas("AStem: {type: object}\nA: {properties: {stem: {type: string, enum: [x]}}}"), "LC0240", "`AStem`", "x-csharp-name");

    [Test]
    public void A_shared_name_for_text_and_numbers_stops_the_build() => RuleAssert.Stops(
        _rule,
        Yaml.ContractWithSchemas("A: {properties: {x: {type: string, enum: [x], x-csharp-name: X}, y: {type: integer, enum: [1], x-csharp-name: X}}}"),
        "LC0240",
        "`X`");

    [Test]
    public void An_enum_without_a_place_to_be_named_after_stops_the_build() => RuleAssert.Stops(
        _rule,
        Yaml.Contract("/a: {get: {parameters: [{name: sort, in: query, schema: {type: string, enum: [up]}}]}}"),
        "LC0241",
        "x-csharp-name");

    [TestCase("Stem: {type: string, enum: [vocals]}")]
    [TestCase("Subject: {properties: {enum: {type: string}}}")]
    public void Enums_that_are_schemas_already_are_left_alone(string schemas) => RuleAssert.LeavesAlone(_rule, schemas);
}

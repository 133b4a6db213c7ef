using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class LocalDefinitionsRuleTests
{
    private readonly LocalDefinitionsRule _rule = new();

    [Test]
    public void A_local_schema_becomes_one_of_the_contract_with_all_references_to_it() => RuleAssert.TurnsSchemas(
        _rule,
        """
        Mix: {properties: {gain: {$ref: '#/$defs/Gain'}}, $defs: {Gain: {properties: {unit: {$ref: '#/$defs/Unit'}}}, Unit: {type: string}}}
        Use: {items: {$ref: '#/components/schemas/Mix/$defs/Gain'}}
        """,
        """
        Mix: {properties: {gain: {$ref: '#/components/schemas/Gain'}}}
        Use: {items: {$ref: '#/components/schemas/Gain'}}
        Gain: {properties: {unit: {$ref: '#/components/schemas/Unit'}}}
        Unit: {type: string}
        """,
        places: 2);

    [Test]
    public void A_local_schema_whose_name_is_taken_is_named_after_its_owner_too() => RuleAssert.TurnsSchemas(
        _rule,
        "Gain: {type: object}\nMix: {items: {$ref: '#/$defs/Gain'}, $defs: {Gain: {type: number}}}",
        "Gain: {type: object}\nMix: {items: {$ref: '#/components/schemas/MixGain'}}\nMixGain: {type: number}");

    [Test]
    public void A_local_schema_without_a_free_name_stops_the_build() =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas("Gain: {}\nMixGain: {}\nMix: {$defs: {Gain: {type: number}}}"), "LC0290", "`MixGain`", "csharp.overlay.yml");

    [Test]
    public void Schemas_without_local_ones_are_left_alone() => RuleAssert.LeavesAlone(_rule, "Mix: {properties: {$defs: {type: string}}}");
}

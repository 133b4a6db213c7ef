using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Lowering.Rules;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class DiscriminatedUnionsRuleTests
{
    private const string Members = """
        Cat: {type: object}
        Dog: {type: object}
        Fish: {type: object}
        """;

    private readonly DiscriminatedUnionsRule _rule = new();

    [Test]
    public void A_union_becomes_any_value_and_keeps_its_description() => RuleAssert.TurnsSchemas(
        _rule,
        Members + "\n" + """
        Subject:
          description: Some animal.
          title: Animal
          type: object
          oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
          discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}
        """,
        Members + "\nSubject: {description: Some animal.}");

    [Test]
    public void Table_of_a_union_maps_values_to_schemas()
    {
        var table = TableOf("""
            oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
            discriminator: {propertyName: kind, mapping: {dog: '#/components/schemas/Dog', cat: '#/components/schemas/Cat'}}
            """);
        RuleAssert.IsSame(table, Yaml.Read("{location: $.components.schemas.Subject.items, choice: {property: kind, members: {cat: {schema: Cat}, dog: {schema: Dog}}}}"));
    }

    [Test]
    public void A_member_that_no_mapping_names_is_selected_by_its_own_name()
    {
        var table = TableOf("""
            oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
            discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}
            """);
        RuleAssert.IsSame(table["choice"]!["members"]!, Yaml.Read("{cat: {schema: Cat}, Dog: {schema: Dog}}"));
    }

    [Test]
    public void A_union_inside_a_mapping_becomes_a_choice_inside_the_choice()
    {
        var table = TableOf("""
            oneOf:
            - $ref: '#/components/schemas/Fish'
            - oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
              discriminator: {propertyName: voice, mapping: {meow: '#/components/schemas/Cat', woof: '#/components/schemas/Dog'}}
            discriminator:
              propertyName: kind
              mapping:
                fish: '#/components/schemas/Fish'
                pet:
                  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
                  discriminator: {propertyName: voice, mapping: {meow: '#/components/schemas/Cat', woof: '#/components/schemas/Dog'}}
            """);
        RuleAssert.IsSame(
            table["choice"]!["members"]!,
            Yaml.Read("{fish: {schema: Fish}, pet: {choice: {property: voice, members: {meow: {schema: Cat}, woof: {schema: Dog}}}}}"));
    }

    [Test]
    public void A_union_that_may_be_null_stays_nullable() => RuleAssert.TurnsSchemas(
        _rule,
        Members + "\n" + """
        Subject:
          oneOf: [{$ref: '#/components/schemas/Cat'}, {type: 'null'}]
          discriminator: {propertyName: kind}
        """,
        Members + "\nSubject: {nullable: true}");

    [Test]
    public void A_discriminator_without_a_property_stops_the_build() => Stops(
        "{oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {mapping: {cat: '#/components/schemas/Cat'}}}", "LC0210", "propertyName");

    [Test]
    public void A_member_that_is_neither_a_schema_nor_a_nested_union_stops_the_build() => Stops(
        "{oneOf: [{$ref: '#/components/schemas/Cat'}, {type: object, properties: {legs: {type: integer}}}], discriminator: {propertyName: kind}}", "LC0211", "oneOf[1]", "components");

    [Test]
    public void A_nested_union_that_no_value_selects_stops_the_build() => Stops(
        "{oneOf: [{oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: voice}}], discriminator: {propertyName: kind}}", "LC0211", "oneOf[0]", "mapping");

    [Test]
    public void A_mapping_to_a_schema_that_is_not_there_stops_the_build() => Stops(
        "{oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind, mapping: {cow: '#/components/schemas/Cow'}}}", "LC0012", "Cow");

    [TestCase("Subject: {oneOf: [{type: string}, {type: integer}]}")]
    [TestCase("Subject: {anyOf: [{type: string}], discriminator: {propertyName: kind}}")]
    [TestCase("Subject: {type: object, properties: {oneOf: {type: string}, discriminator: {type: string}}}")]
    public void Other_schemas_are_left_alone(string schemas) => RuleAssert.LeavesAlone(_rule, schemas);

    private JObject TableOf(string union)
    {
        var context = new LoweringContext(Yaml.ContractWithSchemas($"{Members}\nSubject:\n  items:\n{Yaml.Indent(union, 4)}"));
        Assert.That(_rule.Apply(context), Is.EqualTo(1));
        return JObject.FromObject(context.Unions.Single());
    }

    private void Stops(string union, string code, params string[] words) =>
        RuleAssert.Stops(_rule, Yaml.ContractWithSchemas($"{Members}\nSubject: {union}"), code, words);
}

using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Lowering.Rules;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class ErrorShapesRuleTests
{
    private const string Coded = "Coded: {type: object, required: [code, detail], properties: {code: {type: string}, detail: {type: string, description: Why.}}}\n";
    private const string Plain = "Plain: {type: object, required: [detail], properties: {detail: {anyOf: [{type: string}, {type: array}]}}}\n";
    private const string ToCoded = "{$ref: '#/components/schemas/Coded'}";
    private const string ToPlain = "{$ref: '#/components/schemas/Plain'}";

    private readonly ErrorShapesRule _rule = new();

    [Test]
    public void Error_bodies_become_one_schema_with_the_properties_of_all()
    {
        var document = Document(Coded + Plain, ("400", $"{{anyOf: [{ToCoded}, {ToPlain}]}}"), ("422", ToPlain));
        Assert.That(_rule.Apply(new LoweringContext(document)), Is.EqualTo(2));
        Assert.That(BodyOf(document, "400").ToString(), Is.EqualTo(BodyOf(document, "422").ToString()).And.Contains("#/components/schemas/ApiErrorResponse"));
        RuleAssert.IsSame(document.Schemas, Yaml.Read("""
            ApiErrorResponse:
              type: object
              description: What the service answers when it refuses a request.
              properties: {code: {type: string}, detail: {description: Why.}}
              required: [detail]
            """));
    }

    [Test]
    public void A_detail_of_several_types_becomes_any_value_even_when_there_is_one_shape_only()
    {
        var document = Document(Plain, ("400", ToPlain));
        Assert.That(_rule.Apply(new LoweringContext(document)), Is.EqualTo(1));
        Assert.That(document.Schemas["ApiErrorResponse"]!["properties"]!["detail"]!["anyOf"], Is.Null);
    }

    [Test]
    public void Description_of_the_later_schema_stays()
    {
        var document = Document(Coded + "Plain: {type: object, properties: {detail: {type: array, description: All about it.}}}", ("400", ToCoded), ("422", ToPlain));
        _rule.Apply(new LoweringContext(document));
        RuleAssert.IsSame(document.Schemas["ApiErrorResponse"]!["properties"]!["detail"]!, Yaml.Read("{description: All about it.}"));
    }

    [Test]
    public void A_property_that_may_be_null_keeps_its_type()
    {
        var document = Document("Plain: {type: object, properties: {code: {anyOf: [{type: string}, {type: 'null'}]}}}", ("400", ToPlain));
        _rule.Apply(new LoweringContext(document));
        RuleAssert.IsSame(document.Schemas["ApiErrorResponse"]!["properties"]!["code"]!, Yaml.Read("{anyOf: [{type: string}, {type: 'null'}]}"));
    }

    [Test]
    public void A_shape_written_out_beside_others_is_merged_too()
    {
        var document = Document(Coded, ("400", $"{{anyOf: [{ToCoded}, {{type: object, properties: {{id: {{type: string}}}}}}]}}"));
        _rule.Apply(new LoweringContext(document));
        Assert.That(((JObject)document.Schemas["ApiErrorResponse"]!["properties"]!).Properties().Select(property => property.Name), Is.EquivalentTo(new[] { "code", "detail", "id" }));
    }

    [Test]
    public void A_shape_that_a_success_also_uses_stays()
    {
        var document = Document(Coded + Plain, ("200", ToCoded), ("400", ToCoded), ("422", ToPlain));
        _rule.Apply(new LoweringContext(document));
        Assert.That(document.Schemas.Properties().Select(schema => schema.Name), Is.EquivalentTo(new[] { "Coded", "ApiErrorResponse" }));
        Assert.That((string?)BodyOf(document, "200")["$ref"], Is.EqualTo("#/components/schemas/Coded"));
    }

    [Test]
    public void Schema_of_the_same_name_stops_the_build() =>
        RuleAssert.Stops(_rule, Document(Coded + "ApiErrorResponse: {type: object}", ("200", "{$ref: '#/components/schemas/ApiErrorResponse'}"), ("400", ToCoded)), "LC0220", "`ApiErrorResponse`", "overlay");

    [Test]
    public void A_shape_that_has_the_name_already_is_merged_into_it()
    {
        var document = Document("ApiErrorResponse: {type: object, properties: {detail: {type: string}}}", ("400", "{$ref: '#/components/schemas/ApiErrorResponse'}"));
        Assert.That(_rule.Apply(new LoweringContext(document)), Is.EqualTo(1));
        Assert.That(document.Schemas["ApiErrorResponse"]!["properties"]!["detail"], Is.Not.Null);
    }

    [Test]
    public void Answers_that_are_no_errors_are_left_alone() => RuleAssert.LeavesAlone(_rule, Document(Coded, ("200", ToCoded), ("201", ToCoded)));

    private static OpenApiDocument Document(string schemas, params (string Status, string Schema)[] responses) => Yaml.Contract(
        $"/a: {{post: {{responses: {{{string.Join(", ", responses.Select(response => $"'{response.Status}': {{content: {{application/json: {{schema: {response.Schema}}}}}}}"))}}}}}}}",
        schemas);

    private static JToken BodyOf(OpenApiDocument document, string status) => document.Root["paths"]!["/a"]!["post"]!["responses"]![status]!["content"]!["application/json"]!["schema"]!;
}

using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class OpenApiVersionRuleTests
{
    [TestCase("3.1.0")]
    [TestCase("3.1.1")]
    [TestCase("3.0.0")]
    public void Version_becomes_the_one_that_the_generator_reads(string version)
    {
        var document = OpenApiDocument.Parse($"openapi: {version}\njsonSchemaDialect: https://json-schema.org/draft/2020-12/schema\npaths: {{/a: {{}}}}\n", Yaml.File);
        Assert.That(new OpenApiVersionRule().Apply(new LoweringContext(document)), Is.EqualTo(1));
        RuleAssert.IsSame(document.Root, Yaml.Read("{openapi: 3.0.3, paths: {/a: {}}}"));
    }

    [Test]
    public void A_document_of_that_version_is_left_alone() =>
        RuleAssert.LeavesAlone(new OpenApiVersionRule(), OpenApiDocument.Parse("openapi: 3.0.3\npaths: {/a: {}}\n", Yaml.File));
}

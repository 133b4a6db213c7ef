using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class HeaderParameterNamesRuleTests
{
    private readonly HeaderParameterNamesRule _rule = new();

    [Test]
    public void A_header_gets_a_CSharp_name_beside_its_own()
    {
        var document = Yaml.Contract("/a: {post: {parameters: [{name: Content-Disposition, in: header}, {name: page, in: query}]}}");
        Assert.That(_rule.Apply(new LoweringContext(document)), Is.EqualTo(1));
        RuleAssert.IsSame(
            document.Root["paths"]!["/a"]!["post"]!["parameters"]!,
            Yaml.Read("[{name: Content-Disposition, in: header, x-originalName: contentDisposition}, {name: page, in: query}]"));
    }

    [Test]
    public void Other_parameters_are_left_alone() => RuleAssert.LeavesAlone(_rule, Yaml.Contract("/a: {post: {parameters: [{name: page-size, in: query}]}}"));
}

using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class ParameterNamesRuleTests
{
    private readonly ParameterNamesRule _rule = new();

    [Test]
    public void A_parameter_gets_a_CSharp_name_beside_its_own()
    {
        var document = Yaml.Contract("/a: {post: {parameters: [{name: Content-Disposition, in: header}, {name: page_size, in: query}, {name: 2nd, in: query, x-csharp-name: Second}]}}");
        Assert.That(_rule.Apply(new LoweringContext(document)), Is.EqualTo(3));
        RuleAssert.IsSame(
            document.Root["paths"]!["/a"]!["post"]!["parameters"]!,
            Yaml.Read("[{name: Content-Disposition, in: header, x-originalName: contentDisposition}, {name: page_size, in: query, x-originalName: pageSize}, {name: 2nd, in: query, x-originalName: second}]"));
    }

    [TestCase("{name: '吉他', in: query}")]
    [TestCase("{name: 'x\", y', in: header, x-csharp-name: X}")]
    [TestCase("{name: body, in: query}")]
    [TestCase("{name: cancellation_token, in: query}")]
    [TestCase("{name: page-size, in: query}, {name: page_size, in: query}")]
    public void A_parameter_without_a_name_of_its_own_stops_the_build(string parameters) =>
        RuleAssert.Stops(_rule, Yaml.Contract($"/a: {{post: {{parameters: [{parameters}]}}}}"), "LC0280", "csharp.overlay.yml", "x-csharp-name: NAME");

    [Test]
    public void An_operation_without_parameters_is_left_alone() => RuleAssert.LeavesAlone(_rule, Yaml.Contract("/a: {post: {parameters: []}}"));
}

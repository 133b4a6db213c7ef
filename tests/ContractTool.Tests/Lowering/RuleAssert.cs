using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Lowering;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Lowering;

/// <summary>Runs one rule by itself.</summary>
internal static class RuleAssert
{
    /// <summary>The rule turns the schema <c>Subject</c> into another one, in so many places.</summary>
    public static void Turns(ILoweringRule rule, string before, string after, int places = 1)
    {
        var document = Yaml.ContractWithSchemas($"Subject:\n{Yaml.Indent(before, 2)}");
        var count = rule.Apply(new LoweringContext(document));
        IsSame(document.Schemas["Subject"]!, Yaml.Read(after));
        Assert.That(count, Is.EqualTo(places));
    }

    /// <summary>The rule turns one set of schemas into another.</summary>
    public static void TurnsSchemas(ILoweringRule rule, string before, string after, int places = 1)
    {
        var document = Yaml.ContractWithSchemas(before);
        var count = rule.Apply(new LoweringContext(document));
        IsSame(document.Schemas, Yaml.Read(after));
        Assert.That(count, Is.EqualTo(places));
    }

    /// <summary>The rule reports that it found nothing, and left everything as it was.</summary>
    public static void LeavesAlone(ILoweringRule rule, string schemas) => LeavesAlone(rule, Yaml.ContractWithSchemas(schemas));

    public static void LeavesAlone(ILoweringRule rule, OpenApiDocument document)
    {
        var before = document.Root.DeepClone();
        Assert.That(rule.Apply(new LoweringContext(document)), Is.Zero);
        IsSame(document.Root, before);
    }

    /// <summary>Key order counts for nothing, as in JSON.</summary>
    public static void IsSame(JToken actual, JToken expected) =>
        Assert.That(JToken.DeepEquals(actual, expected), Is.True, () => $"Expected:\n{expected}\nbut was:\n{actual}");

    /// <summary>The rule stops the build, with this code and at this line, and the message has these words.</summary>
    public static void Stops(ILoweringRule rule, OpenApiDocument document, string code, params string[] words)
    {
        var exception = Assert.Throws<ContractException>(() => rule.Apply(new LoweringContext(document)));
        Assert.That(exception.Code, Is.EqualTo(code));
        foreach (var word in words)
        {
            Assert.That(exception.Message, Does.Contain(word));
        }

        Assert.That(exception.Location, Is.Not.Null);
    }
}

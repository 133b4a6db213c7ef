using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Documents;

internal sealed class YamlDocumentReaderTests
{
    [TestCase("'200'", JTokenType.String, "200")]
    [TestCase("\"true\"", JTokenType.String, "true")]
    [TestCase("200", JTokenType.Integer, 200L)]
    [TestCase("-7", JTokenType.Integer, -7L)]
    [TestCase("10737418240", JTokenType.Integer, 10737418240L)]
    [TestCase("1.0", JTokenType.Float, 1.0)]
    [TestCase(".5", JTokenType.Float, 0.5)]
    [TestCase("1e3", JTokenType.Float, 1000.0)]
    [TestCase("true", JTokenType.Boolean, true)]
    [TestCase("False", JTokenType.Boolean, false)]
    [TestCase("null", JTokenType.Null, null)]
    [TestCase("~", JTokenType.Null, null)]
    [TestCase("", JTokenType.Null, null)]
    [TestCase("on", JTokenType.String, "on")]
    [TestCase("yes", JTokenType.String, "yes")]
    [TestCase("no", JTokenType.String, "no")]
    [TestCase("1.1.0", JTokenType.String, "1.1.0")]
    [TestCase("1_000", JTokenType.String, "1_000")]
    [TestCase("12:30", JTokenType.String, "12:30")]
    [TestCase("2024-02-30", JTokenType.String, "2024-02-30")]
    [TestCase("2024-01-31T12:00:00Z", JTokenType.String, "2024-01-31T12:00:00Z")]
    public void A_scalar_has_the_type_that_YAML_1_2_gives_it(string text, JTokenType type, object? value)
    {
        var token = Yaml.Read($"key: {text}")["key"]!;
        Assert.That(token.Type, Is.EqualTo(type));
        Assert.That(((JValue)token).Value, Is.EqualTo(value));
    }

    [Test]
    public void A_key_stays_text() => Assert.That(((JObject)Yaml.Read("200: a\nyes: b")).Properties().Select(property => property.Name), Is.EqualTo(new[] { "200", "yes" }));

    [Test]
    public void Block_text_keeps_its_lines() => Assert.That((string?)Yaml.Read("key: |\n  one\n  2\n")["key"], Is.EqualTo("one\n2\n"));

    [Test]
    public void Alias_has_the_value_of_its_anchor() => Assert.That((int)Yaml.Read("a: &x {b: 1}\nc: *x")["c"]!["b"]!, Is.EqualTo(1));

    [Test]
    public void Every_token_knows_its_place()
    {
        var location = SourceLocation.Of(Yaml.Read("a:\n  b:\n    - c\n    - d\n")["a"]!["b"]![1]!);
        Assert.That(location, Is.EqualTo(new SourceLocation(Yaml.File, 4, 7)));
    }

    [TestCase("a: 1\nb: 2\na: 3\n", 3, "LC0005")]
    [TestCase("a: 1\nb: [1, 2\nc: 3\n", 2, "LC0005")]
    [TestCase("a: 1\n\tb: 2\n", 1, "LC0005")]
    [TestCase("a: 1\n? [x]\n: 2\n", 2, "LC0007")]
    [TestCase("a: 1\n---\nb: 2\n", 1, "LC0004")]
    public void A_mistake_is_reported_with_line_and_column(string text, int line, string code)
    {
        var exception = Assert.Throws<ContractException>(() => Yaml.Read(text));
        Assert.That(exception.Code, Is.EqualTo(code));
        Assert.That(exception.Location!.Line, Is.EqualTo(line));
        Assert.That(exception.ToCanonicalMessage("?"), Does.Match($@"^contract\.yml\({line},\d+\) : error {code}: \S"));
    }

    [TestCase("a: &x {b: *x}", "LC0014")]
    [TestCase("a: &x [1, [*x]]", "LC0014")]
    [TestCase("a: *nowhere", "LC0014")]
    [TestCase("a: !!binary aGk=", "LC0006")]
    [TestCase("a: !!python/object:os.system {}", "LC0006")]
    [TestCase("? *x\n: 1\n", "LC0007")]
    public void A_construct_that_has_no_place_in_a_contract_is_rejected(string text, string code) =>
        Assert.That(Assert.Throws<ContractException>(() => Yaml.Read(text))!.Code, Is.EqualTo(code));

    private static IEnumerable<TestCaseData> DocumentsBeyondTheLimits()
    {
        yield return new TestCaseData("a: " + new string('[', 20_000)).SetArgDisplayNames("20,000 opening brackets");
        yield return new TestCaseData("a: " + string.Concat(Enumerable.Repeat("{a: ", 20_000))).SetArgDisplayNames("20,000 opening braces");
        yield return new TestCaseData(string.Concat(Enumerable.Range(0, 500).Select(level => $"{new string(' ', level)}a:\n"))).SetArgDisplayNames("500 levels of indentation");
        yield return new TestCaseData("a0: &a0 [1]\n" + string.Concat(Enumerable.Range(1, 40).Select(level => $"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n"))).SetArgDisplayNames("2^40 aliases");
        yield return new TestCaseData("a0: &a0 [1]\n" + string.Concat(Enumerable.Range(1, 5_000).Select(level => $"a{level}: &a{level} [*a{level - 1}]\n"))).SetArgDisplayNames("aliases 5,000 levels deep");
        yield return new TestCaseData("a: [" + string.Concat(Enumerable.Repeat("1,", DocumentLimits.Nodes)) + "1]").SetArgDisplayNames("a list of 200,001 values");
    }

    [TestCaseSource(nameof(DocumentsBeyondTheLimits))]
    public void A_document_beyond_the_limits_is_rejected(string text) =>
        Assert.That(Assert.Throws<ContractException>(() => Yaml.Read(text)), Has.Property(nameof(ContractException.Code)).EqualTo("LC0013").And.Property(nameof(ContractException.Location)).Not.Null);

    [Test]
    public void A_document_of_the_greatest_depth_is_read() =>
        Assert.That(Yaml.Read(new string('[', DocumentLimits.Depth - 1) + "1" + new string(']', DocumentLimits.Depth - 1)), Is.Not.Null);
}

using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Documents;

internal sealed class JsonDocumentReaderTests
{
    [TestCase("\"2024-01-31T12:00:00Z\"", JTokenType.String)]
    [TestCase("\"200\"", JTokenType.String)]
    [TestCase("1.0", JTokenType.Float)]
    [TestCase("1", JTokenType.Integer)]
    [TestCase("null", JTokenType.Null)]
    public void A_value_keeps_its_type(string json, JTokenType type) => Assert.That(Read($"{{\"key\": {json}}}")["key"]!.Type, Is.EqualTo(type));

    [Test]
    public void A_date_stays_the_text_that_it_was() => Assert.That((string?)Read("{\"key\": \"2024-01-31T12:00:00+02:00\"}")["key"], Is.EqualTo("2024-01-31T12:00:00+02:00"));

    [TestCase("  \n{\"a\": 1}")]
    [TestCase("{a: 1}", TestName = "Flow_style_YAML_without_quotes_is_lenient_JSON")]
    public void A_document_that_begins_with_a_brace_is_JSON(string text) => Assert.That((int)Read(text)["a"]!, Is.EqualTo(1));

    [Test]
    public void Every_token_knows_its_place() => Assert.That(SourceLocation.Of(Read("{\n\"a\":\n{ \"b\": 1 }}")["a"]!["b"]!)!.Line, Is.EqualTo(3));

    [TestCase("{\n\"a\": 1,\n\"a\": 2}", 3, "already exists")]
    [TestCase("{\n\"a\": }", 2, "")]
    [TestCase("{\n\"a\": 1", 2, "")]
    [TestCase("{\"a\": 1}\n{\"b\": 2}", 2, "Additional text")]
    public void A_mistake_is_reported_with_line_and_column(string text, int line, string words)
    {
        var exception = Assert.Throws<ContractException>(() => Read(text))!;
        Assert.That(exception.Code, Is.EqualTo("LC0003"));
        Assert.That(exception.Message, Does.Contain(words));
        Assert.That(exception.ToCanonicalMessage("?"), Does.Match($@"^contract\.json\({line},\d+\) : error LC0003: "));
    }

    [TestCase("[1, 2]")]
    [TestCase("just text")]
    public void A_document_that_is_no_mapping_is_rejected(string text) => Assert.That(Assert.Throws<ContractException>(() => Read(text))!.Code, Is.EqualTo("LC0002"));

    [Test]
    public void A_file_that_is_not_there_is_named() =>
        Assert.That(Assert.Throws<ContractException>(() => JsonDocumentReader.ReadFile("nowhere/contract.yml"))!.ToCanonicalMessage("?"), Does.StartWith("nowhere/contract.yml(1,1) : error LC0001: "));

    private static IEnumerable<TestCaseData> DocumentsBeyondTheLimits()
    {
        yield return new TestCaseData("{\"a\": " + new string('[', 20_000)).SetArgDisplayNames("20,000 opening brackets");
        yield return new TestCaseData("{\"a\": [" + string.Concat(Enumerable.Repeat("1,", 3 * DocumentLimits.Nodes)) + "1]}").SetArgDisplayNames("a list of 600,001 values");
    }

    [TestCaseSource(nameof(DocumentsBeyondTheLimits))]
    public void A_document_beyond_the_limits_is_rejected(string text) => Assert.That(Assert.Throws<ContractException>(() => Read(text))!.Code, Is.EqualTo("LC0013"));

    [Test]
    public void A_file_beyond_the_limit_is_not_read()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder["contract.yml"]))
        {
            file.SetLength(DocumentLimits.Bytes + 1);
        }

        Assert.That(Assert.Throws<ContractException>(() => JsonDocumentReader.ReadFile(folder["contract.yml"]))!.Code, Is.EqualTo("LC0013"));
    }

    [TestCase("1e999")]
    [TestCase("NaN")]
    [TestCase("123456789012345678901234567890")]
    public void A_number_beyond_all_types_is_rejected(string number) => Assert.That(Assert.Throws<ContractException>(() => Read($"{{\"a\": {number}}}"))!.Code, Is.EqualTo("LC0003"));

    private static JObject Read(string text) => JsonDocumentReader.ReadText(text, "contract.json");
}

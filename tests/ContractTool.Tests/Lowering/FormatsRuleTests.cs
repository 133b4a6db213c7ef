using LalalAi.ContractTool.Lowering.Rules;

namespace LalalAi.ContractTool.Tests.Lowering;

internal sealed class FormatsRuleTests
{
    private readonly FormatsRule _rule = new();

    [TestCase("string", "duration")]
    [TestCase("string", "time")]
    [TestCase("string", "date")]
    [TestCase("string", "guid")]
    [TestCase("string", "int32")]
    [TestCase("integer", "uint64")]
    [TestCase("number", "money")]
    public void A_format_that_its_CSharp_type_cannot_read_is_dropped(string type, string format) => RuleAssert.Turns(_rule, $"{{type: {type}, format: {format}}}", $"{{type: {type}}}");

    [TestCase("{type: string, contentMediaType: application/octet-stream}", "{type: string, format: binary}")]
    [TestCase("{type: string, contentMediaType: audio/wav}", "{type: string}")]
    public void The_type_of_content_becomes_a_format(string before, string after) => RuleAssert.Turns(_rule, before, after);

    [Test]
    public void Content_in_base64_becomes_bytes() =>
        RuleAssert.Turns(_rule, "{type: string, contentEncoding: base64, contentMediaType: application/octet-stream}", "{type: string, format: byte}", places: 2);

    [TestCase("Subject: {type: string, format: date-time}")]
    [TestCase("Subject: {type: string, format: uuid4}")]
    [TestCase("Subject: {type: integer, format: int32}")]
    [TestCase("Subject: {type: number, format: double}")]
    [TestCase("Subject: {properties: {format: {type: string}}}")]
    public void Other_formats_are_left_alone(string schema) => RuleAssert.LeavesAlone(_rule, schema);
}

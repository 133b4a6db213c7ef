using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Tests.Lowering;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Tests.Documents;

internal sealed class CanonicalYamlTests
{
    [Test]
    public void A_document_is_written_in_the_layout_of_this_repository()
    {
        const string text =
            """
            # A comment at the top,
            # of two lines.
            openapi: 3.1.0

            paths:
              /a/:
                post:
                  security:
                    - Key: []
                  parameters: []
                  description: >-
                    A text that is too long for one line is folded at spaces, so that a reader of the file need not scroll
                    to see its end.


                    A second paragraph follows after two empty lines.

              /b/:
                get: {}

            components:
              schemas:
                # Requests
                A:
                  enum:
                    - vocals
                    - acoustic_guitar
                  examples: ['200', 'a, b', 'yes', 0.5, 1.0, null]
                  pattern: ^[a-z]+$

                B:
                  anyOf:
                    # The older one.
                    - $ref: '#/components/schemas/A'
                    - - loc: [body]
                        msg: Text.
                  description: >-
                    What is wrong: text that would need quotation marks is folded.

            """;
        Assert.That(Format(text), Is.EqualTo(text));
    }

    [Test]
    public void The_contract_of_this_repository_is_formatted()
    {
        var run = Tool.Run("format", ContractFiles.Contract, "--check");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")), run.Output);
    }

    [TestCase("")]
    [TestCase(" leading and trailing ")]
    [TestCase("a: b")]
    [TestCase("a #b")]
    [TestCase("ends with:")]
    [TestCase("- a")]
    [TestCase("'quoted' \"twice\"")]
    [TestCase("back\\slash")]
    [TestCase("tab\tand\u0001control")]
    [TestCase("\u0085\u2028\ufeff\u202e")]
    [TestCase("one\n two\n")]
    [TestCase("\n\n")]
    [TestCase("one\n\n\ntwo  spaces\nthree")]
    [TestCase("# not a comment\n# either")]
    [TestCase("200")]
    [TestCase("1e5")]
    [TestCase("0x1F")]
    [TestCase("12:30:45")]
    [TestCase("2024-01-31")]
    [TestCase("yes")]
    [TestCase("~")]
    [TestCase("NULL")]
    [TestCase("---")]
    [TestCase("...")]
    [TestCase("*alias")]
    [TestCase("größer 吉他 🎸")]
    public void Text_survives_as_a_value_as_a_key_and_in_a_list(string text)
    {
        var root = new JObject { ["key"] = text, [text + "x"] = 1, ["list"] = new JArray(text, "b"), ["block"] = new JArray(text, new JObject { ["a"] = text }) };
        var read = YamlDocumentReader.Read(CanonicalYaml.Write(root), Yaml.File);
        RuleAssert.IsSame(read, root);
    }

    [Test]
    public void Random_documents_survive_and_are_formatted_once()
    {
        const int Seed = 20_261_126;
        TestContext.Out.WriteLine($"Seed {Seed}");
        var random = new Random(Seed);
        for (var round = 0; round < 2_000; round++)
        {
            var root = new JObject { ["a"] = RandomToken(random, depth: 0), ["b"] = RandomToken(random, depth: 0) };
            var text = CanonicalYaml.Write(root);
            var read = (JObject)YamlDocumentReader.Read(text, Yaml.File);
            Assert.That(JToken.DeepEquals(read, root) && CanonicalYaml.Write(read) == text, Is.True, () => root.ToString());
        }
    }

    [TestCase("openapi: 3.1.0 # at the end of a line\npaths: {/a/: {}}\n", 1)]
    [TestCase("openapi: 3.1.0\npaths:\n  /a/: {}\n# at the end of the file\n", 4)]
    public void A_comment_that_would_be_lost_is_an_error(string text, int line)
    {
        var exception = Assert.Throws<ContractException>(() => Format(text));
        Assert.That((exception.Code, exception.Location!.Line), Is.EqualTo(("LC0015", line)));
    }

    private static string Format(string text) => VendoredContract.Parse(text, Yaml.File).ToText();

    private static JToken RandomToken(Random random, int depth) => random.Next(depth > 4 ? 6 : 9) switch
    {
        0 => random.Next(-5, 1000),
        1 => random.NextDouble() * Math.Pow(10, random.Next(-20, 20)),
        2 => random.Next(2) == 0,
        3 => JValue.CreateNull(),
        4 or 5 => RandomText(random),
        6 => new JArray(Enumerable.Range(0, random.Next(4)).Select(_ => RandomToken(random, depth + 1))),
        _ => new JObject(Enumerable.Range(0, random.Next(4)).Select(index => new JProperty($"{RandomText(random)}{index}", RandomToken(random, depth + 1)))),
    };

    private static string RandomText(Random random)
    {
        const string alphabet = "abc xyz 01.:-#'\"\\\n[]{},&*!|>%@`~?/$\té\u2028";
        return string.Concat(Enumerable.Range(0, random.Next(random.Next(10) == 0 ? 300 : 12)).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }
}

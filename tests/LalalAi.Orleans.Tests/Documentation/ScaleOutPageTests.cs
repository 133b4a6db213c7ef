using System.Text.RegularExpressions;
using LalalAi.Tests.Documentation;

namespace LalalAi.Cluster.Tests.Documentation;

/// <summary>The code of the pages about Orleans compiles, and their table of settings is complete.</summary>
public sealed partial class ScaleOutPageTests
{
    // The packages of Orleans import these.
    private const string Usings = "using Microsoft.Extensions.Hosting;\nusing Orleans;\nusing Orleans.Hosting;\n";

    private static IEnumerable<TestCaseData> Snippets =>
        from name in new[] { "docs/scale-out.md", "src/LalalAi.Orleans/README.md" }
        from block in CodeBlock().Matches(Pages.All.Single(page => page.Name == name).Text).Select(
            (match, index) => (Text: match.Groups[1].Value, Number: index + 1))
        select new TestCaseData(block.Text).SetArgDisplayNames($"{name}, block {block.Number}");

    [TestCaseSource(nameof(Snippets))]
    public void Code_block_compiles(string snippet) => Assert.That(new Snippet(Usings + snippet).Errors, Is.Empty);

    [Test]
    public void Table_lists_every_setting()
    {
        var section = Pages.All.Single(page => page.Name == "docs/scale-out.md").Text.Split("### Settings\n")[1].Split("\n###")[0];

        Assert.That(
            Setting().Matches(section).Select(match => match.Groups[1].Value),
            Is.EquivalentTo(typeof(LalalAiClusterOptions).GetProperties().Select(property => property.Name)));
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^\| `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex Setting();
}

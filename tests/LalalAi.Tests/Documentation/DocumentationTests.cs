using System.Text.RegularExpressions;
using LalalAi.Sandbox;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Documentation;

/// <summary>The code of every page compiles, and every link within the project has a target.</summary>
public sealed partial class DocumentationTests
{
    // Pages about Orleans are compiled in LalalAi.Orleans.Tests, which references it.
    private static IEnumerable<TestCaseData> Snippets =>
        from page in Pages.All
        where page.Name is not ("docs/scale-out.md" or "src/LalalAi.Orleans/README.md")
        from block in CodeBlock().Matches(page.Text).Select((match, index) => (Text: match.Groups[1].Value, Number: index + 1))
        select new TestCaseData(block.Text).SetArgDisplayNames($"{page.Name}, block {block.Number}");

    private static IEnumerable<TestCaseData> Links =>
        from page in Pages.All
        from link in Link().Matches(page.Text).Select(match => match.Groups[1].Value)
        where !link.Contains("://", StringComparison.Ordinal)
        select new TestCaseData(page.Path, link).SetArgDisplayNames($"{page.Name}: {link}");

    [TestCaseSource(nameof(Snippets))]
    public void Code_block_compiles(string snippet) => Assert.That(new Snippet(snippet).Errors, Is.Empty);

    [TestCaseSource(nameof(Links))]
    public void Link_within_the_project_has_a_target(string page, string link)
    {
        var (path, heading) = link.Split('#') is [var file, var fragment] ? (file, fragment) : (link, null);
        var target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));

        Assert.That(Path.Exists(target), $"{target} does not exist");
        if (heading is not null)
        {
            Assert.That(Heading().Matches(Pages.Read(target)).Select(match => Anchor(match.Groups[1].Value)), Does.Contain(heading));
        }
    }

    [Test]
    public void Readme_has_code_blocks() => Assert.That(CodeBlock().Count(Pages.Readme.Text), Is.GreaterThanOrEqualTo(4));

    [Test]
    public void Readme_code_blocks_compile_one_after_the_other() =>
        Assert.That(new Snippet(string.Concat(CodeBlock().Matches(Pages.Readme.Text).Select(match => match.Groups[1].Value))).Errors, Is.Empty);

    [Test]
    public void Readme_has_at_most_200_lines() => Assert.That(Pages.Readme.Text.Split('\n'), Has.Length.LessThanOrEqualTo(201));

    [Test]
    public void Compilation_reports_a_block_that_is_wrong() => Assert.That(new Snippet("await lalal.StartAsync(42);").Errors, Is.Not.Empty);

    /// <summary>README's handler for a lost response pays once, whether the task has been started or not.</summary>
    [TestCase("lose-response", double.PositiveInfinity)]
    [TestCase("lose-response;times=3", 0.001)]
    [TestCase("reset;on=start;times=3", 0.001)]
    public async Task Readme_handler_for_a_lost_response_pays_once(string faults, double speed)
    {
        var handler = CodeBlock().Matches(Pages.Readme.Text).Select(match => match.Groups[1].Value)
            .Single(block => block.Contains("catch (LalalAiAmbiguousStartException"));
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = speed });
        await using var lalal = ApiClients.For(
            sandbox.BaseAddress, options => (options.LicenseKey, options.MaxRetries) = (sandbox.LicenseKey, 2));
        var source = await lalal.UploadAsync(SandboxSong.Create(TimeSpan.FromSeconds(1)), "song.wav");
        sandbox.Faults.Add(faults);

        await new Snippet(handler).RunAsync(lalal, source);

        Assert.That(sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    // As GitHub derives them.
    private static string Anchor(string heading) => NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}

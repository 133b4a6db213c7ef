namespace LalalAi.Tests.Documentation;

/// <summary>The documentation site leads to every guide.</summary>
public sealed class SiteTests
{
    private static IEnumerable<string> Guides =>
        from page in Pages.All
        where page.Name.StartsWith("docs/", StringComparison.Ordinal)
        select page.Name["docs/".Length..];

    [TestCaseSource(nameof(Guides))]
    public void Guide_is_in_the_table_of_contents(string guide) =>
        Assert.That(Pages.Read(Path.Combine(RepositoryRoot.Path, "docs", "toc.yml")), Does.Contain($"href: {guide} "));

    [TestCaseSource(nameof(Guides))]
    public void Guide_is_listed_for_language_models(string guide) =>
        Assert.That(
            Pages.Read(Path.Combine(RepositoryRoot.Path, "build", "site", "llms.txt")),
            Does.Contain($"(guides/{Path.ChangeExtension(guide, ".html")})"));
}

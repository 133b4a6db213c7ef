using System.Text.RegularExpressions;

namespace LalalAi.Tests.Documentation;

/// <summary>Text contains no phrase that an engineer would not write. The list is not complete, and does not replace a review.</summary>
public sealed partial class EnglishTests
{
    /// <summary>Code and pages, with their paths from the root of the repository.</summary>
    private static readonly IReadOnlyList<Page> Texts =
    [
        .. Pages.All,
        .. Pages.Find("*.cs", "build", "samples", "src", "tests").Where(page => !page.Name.EndsWith("EnglishTests.cs", StringComparison.Ordinal)),
    ];

    private static IEnumerable<TestCaseData> TextsByName =>
        from text in Texts
        select new TestCaseData(text.Text).SetArgDisplayNames(text.Name);

    [TestCaseSource(nameof(TextsByName))]
    public void Text_contains_no_discouraged_phrase(string text) => Assert.That(Find(text), Is.Empty);

    [TestCase("/// <summary>The file is no file name.</summary>")]
    [TestCase("throw new ArgumentException(\"The request timed out. A time-out is retried.\");")]
    [TestCase("public void A_wait_is_given_up() { }")]
    public void Discouraged_phrase_is_found(string text) => Assert.That(Find(text), Is.Not.Empty);

    [TestCase("[\"cancelled\"] = typeof(TaskCanceled)")]
    [TestCase("/// <summary>The task was canceled (<c>cancelled</c>).</summary>")]
    public void Value_of_the_contract_is_allowed(string text) => Assert.That(Find(text), Is.Empty);

    private static IEnumerable<string> Find(string text) =>
        from line in text.Split('\n')
        let words = ContractValue().Replace(line, string.Empty).Replace('_', ' ')
        from phrase in Phrase().Matches(words).Select(match => match.Value)
        select $"'{phrase}' in: {line.Trim()}";

    [GeneratedRegex(
        @"\bis no ([a-z]+ )?(id|address|name|file)\b|\bgo(es)? on\b|\bwhat became of\b|\bwhoever\b|\brepetitions?\b|\bnobody waits\b"
        + @"|\btime-outs?\b|\bis given up\b|\bstands? still\b|\bsomebody\b|\bmust not be read\b|\bcomes? to its end\b"
        + @"|\b(is|are|was|were) told\b|\bcancelled\b|\blicence",
        RegexOptions.IgnoreCase)]
    private static partial Regex Phrase();

    // The service's own spelling, quoted.
    [GeneratedRegex("[\"`'>]cancelled[\"`'<]|\"[^\"]*\\bstatus[^\"]*cancelled[^\"]*\"", RegexOptions.IgnoreCase)]
    private static partial Regex ContractValue();
}

using System.Text.RegularExpressions;

namespace LalalAi.Tests.Documentation;

/// <summary>Text contains no phrase that an engineer would not write. The list is not complete, and does not replace a review.</summary>
public sealed partial class EnglishTests
{
    private static readonly string[] Patterns =
        ["*.cs", "*.csproj", "*.props", "*.targets", "*.liquid", "*.js", "*.html", "*.css", "*.sh", "*.py", "*.yml", "*.yaml"];

    private static readonly string[] Folders = [".devcontainer", ".github", "build", "docs", "samples", "src", "tests"];

    /// <summary>Everything that people write, except for the contract.</summary>
    private static readonly IReadOnlyList<Page> Texts =
    [
        .. Pages.All,
        .. Patterns.SelectMany(pattern => Pages.Find(pattern, Folders)).Where(page => !page.Name.EndsWith("EnglishTests.cs", StringComparison.Ordinal)),
    ];

    private static IEnumerable<TestCaseData> TextsByName =>
        from text in Texts
        select new TestCaseData(text.Text).SetArgDisplayNames(text.Name);

    [TestCaseSource(nameof(TextsByName))]
    public void Text_contains_no_discouraged_phrase(string text) => Assert.That(Find(text), Is.Empty);

    [TestCase("/// <summary>The file is no file name.</summary>")]
    [TestCase("throw new ArgumentException(\"The request timed out. A time-out is retried.\");")]
    [TestCase("public void A_wait_is_given_up() { }")]
    [TestCase("# Nobody waits for it.")]
    [TestCase("// holds the size against the header")]
    [TestCase("<p>Struck by a fault</p>")]
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
        @"\bis no ([a-z]+ )?(id|address|name|file)\b|\bgo(es)? on\b|\brepetitions?\b|\btime-outs?\b|\bcancelled\b|\blicence"
        + @"|\bwhat (became|becomes|has become|have become|has to become) of\b|\bwhoever\b|\bwhatever\b|\bsomebody\b|\bnobody\b|\bstrangers?\b"
        + @"|\bis given up\b|\bstands? still\b|\bmust not be read\b|\bcomes? to its end\b|\b(is|are|was|were) told\b|\bbeen seen\b"
        + @"|\bholds? [^.]{1,40} against\b|\bstruck\b|\bstrikes?\b|\bin vain\b|\bfor good\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Phrase();

    // The service's own spelling, quoted.
    [GeneratedRegex("[\"`'>]cancelled[\"`'<]|\"[^\"]*\\bstatus[^\"]*cancelled[^\"]*\"", RegexOptions.IgnoreCase)]
    private static partial Regex ContractValue();
}

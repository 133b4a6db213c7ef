using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LalalAi.Tests.Documentation;

/// <summary>What README and the pages below <c>docs</c> show is what compiles, and their links lead somewhere.</summary>
public sealed partial class DocumentationTests
{
    /// <summary>What a snippet may take for granted.</summary>
    private const string Surroundings = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Net.Http; using System.Threading; using System.Threading.Tasks;
        using LalalAi; using LalalAi.Generated; using LalalAi.Sandbox; using Microsoft.Extensions.Configuration; using Microsoft.Extensions.DependencyInjection;
        """;

    private const string Given = "ILalalAiClient lalal, SourceFile source, IReadOnlyList<TaskId> tasks, IServiceCollection services, IConfiguration configuration, SandboxServer sandbox";

    private static IEnumerable<string> Pages =>
        [
            .. Directory.EnumerateFiles(RepositoryRoot.Path, "*.md"),
            .. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md"),
            .. Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, "src")).Select(project => Path.Combine(project, "README.md")),
        ];

    private static IEnumerable<TestCaseData> Snippets =>
        from page in Pages
        from block in CodeBlock().Matches(Read(page)).Select((match, index) => (Text: match.Groups[1].Value, Number: index + 1))
        select new TestCaseData(block.Text).SetArgDisplayNames($"{Path.GetRelativePath(RepositoryRoot.Path, page)}, block {block.Number}");

    private static IEnumerable<TestCaseData> Links =>
        from page in Pages
        from link in Link().Matches(Read(page)).Select(match => match.Groups[1].Value)
        where !link.Contains("://", StringComparison.Ordinal)
        select new TestCaseData(page, link).SetArgDisplayNames($"{Path.GetRelativePath(RepositoryRoot.Path, page)}: {link}");

    [TestCaseSource(nameof(Snippets))]
    public void Every_code_block_compiles(string snippet) => Assert.That(Compile(snippet), Is.Empty);

    [TestCaseSource(nameof(Links))]
    public void Every_link_within_the_project_leads_to_something(string page, string link)
    {
        var (path, heading) = link.Split('#') is [var file, var fragment] ? (file, fragment) : (link, null);
        var target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));

        Assert.That(Path.Exists(target), $"{target} does not exist");
        if (heading is not null)
        {
            Assert.That(Heading().Matches(Read(target)).Select(match => Anchor(match.Groups[1].Value)), Does.Contain(heading));
        }
    }

    [Test]
    public void The_readme_has_code_blocks() => Assert.That(CodeBlock().Count(Read(Path.Combine(RepositoryRoot.Path, "README.md"))), Is.GreaterThanOrEqualTo(6));

    [Test]
    public void A_block_that_does_not_compile_is_noticed() => Assert.That(Compile("await lalal.StartAsync(42);"), Is.Not.Empty);

    private static string Read(string page) => File.ReadAllText(page).ReplaceLineEndings("\n");

    // As GitHub makes them.
    private static string Anchor(string heading) => NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    private static IEnumerable<string> Compile(string snippet)
    {
        // What the snippet declares itself, it does not take from its surroundings.
        var given = string.Join(", ", Given.Split(", ").Where(parameter => !Regex.IsMatch(snippet, $@"\b(var|[A-Z]\w+) {parameter.Split(' ')[1]} =")));
        var usings = string.Concat(UsingDirective().Matches(snippet).Select(match => match.Value));
        var code = $"{Surroundings}\n{usings}\nstatic class Snippet {{ static async Task RunAsync({given}) {{ await Task.Yield();\n{UsingDirective().Replace(snippet, string.Empty)}\n}} }}";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("Snippet", [CSharpSyntaxTree.ParseText(code)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable))
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString());
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^using [\w.]+;\n", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();
}

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LalalAi.Tests.Documentation;

/// <summary>What README shows is what compiles.</summary>
public sealed partial class ReadmeTests
{
    /// <summary>What a snippet may take for granted.</summary>
    private const string Surroundings = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading; using System.Threading.Tasks;
        using LalalAi; using LalalAi.Generated; using Microsoft.Extensions.Configuration; using Microsoft.Extensions.DependencyInjection;
        """;

    private const string Given = "ILalalAiClient lalal, SourceFile source, IReadOnlyList<TaskId> tasks, IServiceCollection services, IConfiguration configuration";

    private static IEnumerable<TestCaseData> Snippets =>
        CodeBlock().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md")).ReplaceLineEndings("\n"))
            .Select((match, index) => new TestCaseData(match.Groups[1].Value).SetArgDisplayNames($"block {index + 1}"));

    [TestCaseSource(nameof(Snippets))]
    public void Every_code_block_of_the_readme_compiles(string snippet) => Assert.That(Compile(snippet), Is.Empty);

    [Test]
    public void The_readme_has_code_blocks() => Assert.That(Snippets.Count(), Is.GreaterThanOrEqualTo(6));

    [Test]
    public void A_block_that_does_not_compile_is_noticed() => Assert.That(Compile("await lalal.SplitAsync(42);"), Is.Not.Empty);

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

    [GeneratedRegex(@"^using [\w.]+;\n", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();
}

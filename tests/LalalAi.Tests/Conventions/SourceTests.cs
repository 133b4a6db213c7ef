using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LalalAi.Tests.Conventions;

/// <summary>
/// What holds for every source file: the length of its lines, the names of its types, the ports that it listens on, and the direction in
/// which its folder depends on others.
/// </summary>
public sealed partial class SourceTests
{
    private const int LongestLine = 140;
    private const string Root = "(root)";

    private static readonly string[] ImplicitUsings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
    ];

    private static readonly string[] Projects = [.. Directory.GetDirectories(Find("src")).Select(Path.GetFileName).Order()!];

    [TestCase("src")]
    [TestCase("build")]
    [TestCase("samples")]
    public void Line_is_short_enough_to_be_reviewed(string folder) => Assert.That(LongLines(folder), Is.Empty);

    [TestCase("src")]
    [TestCase("build")]
    [TestCase("samples")]
    public void Type_is_not_named_with_the_plural_of_another(string folder)
    {
        var names = Sources(Find(folder)).SelectMany(TypesIn).ToHashSet();
        Assert.That(names.Where(name => names.Overlaps([$"{name}s", $"{name}es", $"{name[..^1]}ies"])), Is.Empty);
    }

    [TestCase("tests")]
    [TestCase("samples/Samples.Tests")]
    public void Test_listens_on_a_free_port(string folder) =>
        Assert.That(
            from path in Sources(Find(folder))
            from line in File.ReadLines(path)
            where FixedPort().IsMatch(line)
            select $"{Path.GetFileName(path)}: {line.Trim()}",
            Is.Empty);

    [TestCaseSource(nameof(Projects))]
    [Category("Slow")]
    public void Folders_of_a_project_depend_on_each_other_one_way(string project) =>
        Assert.That(Cycles(Dependencies(Find("src", project))), Is.Empty);

    private static string Find(params string[] path) => Path.Combine([RepositoryRoot.Path, .. path]);

    private static IEnumerable<string> LongLines(string folder) =>
        from path in Sources(Find(folder))
        from line in File.ReadLines(path).Select((text, index) => (Number: index + 1, text.Length))
        where line.Length > LongestLine
        select $"{Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/')}:{line.Number} has {line.Length} characters";

    private static IEnumerable<string> TypesIn(string path) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(path)).GetRoot().DescendantNodes()
            .OfType<BaseTypeDeclarationSyntax>()
            .Select(type => type.Identifier.Text);

    private static IEnumerable<string> Sources(string root) => Directory
        .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Any(name => name is "obj" or "bin"));

    /// <summary>Returns the folders that each folder uses, with a place of each use.</summary>
    private static Dictionary<string, Dictionary<string, string>> Dependencies(string project)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: ["NET"]);
        var usings = string.Concat(ImplicitUsings.Select(name => $"global using {name};"));
        var files = Sources(project).ToDictionary(
            path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path), FolderOf);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != Path.GetFileName(project))
            .Select(path => MetadataReference.CreateFromFile(path));
        // What does not bind, because a package is missing here, is not of this project.
        var compilation = CSharpCompilation.Create("project", [.. files.Keys, CSharpSyntaxTree.ParseText(usings, options)], references);
        var dependencies = new Dictionary<string, Dictionary<string, string>>();
        foreach (var (tree, folder) in files)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes(node => !IsNameOf(node)).OfType<SimpleNameSyntax>())
            {
                var info = model.GetSymbolInfo(name);
                foreach (var symbol in info.Symbol is { } one ? [one] : info.CandidateSymbols)
                {
                    // Only what is declared in one folder: the parts of a partial class may be in several.
                    var declared = symbol.DeclaringSyntaxReferences.Select(part => files.GetValueOrDefault(part.SyntaxTree)).Distinct();
                    if (symbol is not INamespaceSymbol && declared.ToList() is [{ } used] && used != folder)
                    {
                        dependencies.TryAdd(folder, []);
                        dependencies[folder].TryAdd(used, $"{Path.GetFileName(tree.FilePath)} uses {symbol.Name}");
                    }
                }
            }
        }

        return dependencies;

        // A name in a message is no dependency.
        static bool IsNameOf(SyntaxNode node) =>
            node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } };

        string FolderOf(string path)
        {
            var relative = Path.GetRelativePath(project, path).Split(Path.DirectorySeparatorChar);
            return relative.Length == 1 ? Root : relative[0];
        }
    }

    /// <summary>Returns the uses that are part of a cycle: the folder that is used depends on the one that uses it.</summary>
    private static IEnumerable<string> Cycles(Dictionary<string, Dictionary<string, string>> dependencies) =>
        from folder in dependencies
        from use in folder.Value
        where Reachable(use.Key, dependencies).Contains(folder.Key)
        select $"{folder.Key} -> {use.Key}: {use.Value}";

    private static HashSet<string> Reachable(string folder, Dictionary<string, Dictionary<string, string>> dependencies)
    {
        var found = new HashSet<string>();
        var open = new Stack<string>([folder]);
        while (open.TryPop(out var next))
        {
            foreach (var used in dependencies.GetValueOrDefault(next)?.Keys.Where(found.Add) ?? [])
            {
                open.Push(used);
            }
        }

        return found;
    }

    // A port that no system has is an argument of a test.
    [GeneratedRegex("""(IPEndPoint|TcpListener)\(.*, *[1-9]|UseUrls\(".*:[1-9]|--urls=.*:[1-9]|Port = (?!65_536)[1-9]""")]
    private static partial Regex FixedPort();
}

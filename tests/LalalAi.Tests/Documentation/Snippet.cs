using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LalalAi.Tests.Documentation;

/// <summary>A piece of C# from a page, compiled as the body of a method whose parameters are what its text takes for granted.</summary>
internal sealed partial class Snippet
{
    private const string Usings = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Net.Http; using System.Threading;
        using System.Threading.Tasks; using LalalAi; using LalalAi.Sandbox; using Microsoft.AspNetCore.Builder; using Microsoft.AspNetCore.Http;
        using Microsoft.Extensions.Configuration; using Microsoft.Extensions.DependencyInjection; using NSubstitute; using NUnit.Framework;
        """;

    private static readonly (string Type, string Name)[] Given =
    [
        ("ILalalAiClient", "lalal"), ("SourceFile", "source"), ("TaskId", "taskId"), ("IReadOnlyList<TaskId>", "tasks"),
        ("IServiceCollection", "services"), ("IConfiguration", "configuration"), ("SandboxServer", "sandbox"), ("IGrainFactory", "grains"),
    ];

    // What a snippet is added to: all compilations share the symbols of the referenced assemblies.
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Snippet",
        references: ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
        options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private readonly CSharpCompilation _compilation;

    public Snippet(string text)
    {
        // A name that the snippet declares itself is not given to it, nor one that it does not use.
        var given = string.Join(
            ", ", from name in Given where Regex.IsMatch(text, $@"\b{name.Name}\b") && !Regex.IsMatch(text, $@"\b(var|[A-Z]\w+) {name.Name} =") select $"{name.Type} {name.Name}");
        var usings = string.Concat(UsingDirective().Matches(text).Select(match => match.Value));
        var (body, types) = Split(UsingDirective().Replace(text, string.Empty));
        var code = $$"""
            {{Usings}}
            {{usings}}
            static class Snippet { public static async Task RunAsync({{given}}) { await Task.Yield();
            {{body}}
            } }
            {{types}}
            """;
        _compilation = Empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(code));
    }

    public IEnumerable<string> Errors =>
        from diagnostic in _compilation.GetDiagnostics() where diagnostic.Severity == DiagnosticSeverity.Error select diagnostic.ToString();

    /// <summary>Runs the snippet with what it is given, by the types of its parameters.</summary>
    public async Task RunAsync(params object[] given)
    {
        using var assembly = new MemoryStream();
        Assert.That(_compilation.Emit(assembly).Success, string.Join('\n', Errors));
        var method = Assembly.Load(assembly.ToArray()).GetType("Snippet")!.GetMethod("RunAsync")!;
        var arguments = method.GetParameters().Select(parameter => given.FirstOrDefault(parameter.ParameterType.IsInstanceOfType));
        await (Task)method.Invoke(null, [.. arguments])!;
    }

    /// <summary>Separates statements from the types that are declared after them.</summary>
    private static (string Body, string Types) Split(string text) =>
        TypeDeclaration().Match(text) is { Success: true, Index: var index } ? (text[..index], text[index..]) : (text, string.Empty);

    [GeneratedRegex(@"^using [\w.]+;\n", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"^(\[\w+\]\n)?(public |internal )?(sealed |static )*(class|record) ", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}

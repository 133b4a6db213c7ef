using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Generated.Tests;

/// <summary>
/// The build itself, run on a copy of the repository: what makes it generate, how often, and what it says when it cannot. Each test starts real builds, and they take their time.
/// </summary>
[Category("Slow")]
[NonParallelizable]
public sealed class GenerationTests
{
    private static readonly string Root = RepositoryRoot.Path;

    private string _copy = null!;

    private string Contract => Path.Combine(_copy, "openapi", "lalalai.yml");

    private string GeneratedCode => File.ReadAllText(Path.Combine(_copy, "src/LalalAi.Generated/obj/Debug/contract/LalalAiApiClient.g.cs"));

    [OneTimeSetUp]
    public async Task Copy_the_repository_and_build_it_once()
    {
        _copy = Directory.CreateTempSubdirectory("lalalai generation, ").FullName;
        foreach (var path in new[] { "global.json", "nswag.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "openapi", "build", "src/Directory.Build.props", "src/LalalAi.Generated" })
        {
            Copy(Path.Combine(Root, path), Path.Combine(_copy, path));
        }

        var first = await BuildAsync();
        Assert.That(first.ExitCode, Is.Zero, first.Output);
        Assert.That(Runs(first), Is.EqualTo((1, 1)), "Two target frameworks are built; the client is generated once.");
        Assert.That(first.Output, Does.Contain("0 Warning(s)"));
    }

    [OneTimeTearDown]
    public void Remove_the_copy() => Directory.Delete(_copy, recursive: true);

    [SetUp]
    public void Start_from_the_contract_as_it_is()
    {
        Copy(Path.Combine(Root, "openapi"), Path.Combine(_copy, "openapi"));
        Copy(Path.Combine(Root, "build/templates"), Path.Combine(_copy, "build/templates"));
    }

    [Test]
    public async Task A_build_with_nothing_changed_generates_nothing()
    {
        await BuildAsync();

        var build = await BuildAsync("--no-restore");

        Assert.That(Runs(build), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_changed_template_generates_but_does_not_lower()
    {
        await BuildAsync();
        var template = Path.Combine(_copy, "build/templates/Class.liquid");
        await File.WriteAllTextAsync(template, (await File.ReadAllTextAsync(template)).Replace("public sealed partial record", "// changed\npublic sealed partial record", StringComparison.Ordinal));

        var build = await BuildAsync();

        Assert.That(Runs(build), Is.EqualTo((0, 1)));
        Assert.That(GeneratedCode, Does.Contain("// changed"));
    }

    [Test]
    public async Task A_contract_that_grew_generates_and_compiles()
    {
        await File.WriteAllTextAsync(Contract, ContractGrowth.Apply(Contract));

        var build = await BuildAsync();

        Assert.That(build.ExitCode, Is.Zero, build.Output);
        Assert.That(Runs(build), Is.EqualTo((1, 1)));
        Assert.That(GeneratedCode, Does.Contain("Stem Guitar {").And.Contain("Denoise {").And.Contain("CheckPausedResult").And.Contain("RemasterAsync("));
    }

    [Test]
    public async Task A_construct_that_no_rule_covers_fails_the_build_with_the_place_and_the_remedy()
    {
        var contract = OpenApiDocument.Load(Contract);
        contract.Schemas["LimitsResponse"]!["patternProperties"] = new JObject();
        await File.WriteAllTextAsync(Contract, contract.ToJson());

        var build = await BuildAsync("--target:GenerateClient");

        Assert.That(build.ExitCode, Is.Not.Zero);
        Assert.That(build.Output, Does.Match(@"lalalai\.yml\([0-9]+,[0-9]+\): error LC0300: `\$\.components\.schemas\.LimitsResponse\.patternProperties`.*Lowering/Rules"));
    }

    [Test]
    public async Task A_target_that_the_contract_no_longer_has_fails_the_build_and_names_the_action()
    {
        var original = await File.ReadAllTextAsync(Contract);
        await File.WriteAllTextAsync(Contract, original.Replace("TaskMetaError", "TaskFault", StringComparison.Ordinal));

        var build = await BuildAsync("--target:GenerateClient");

        Assert.That(build.ExitCode, Is.Not.Zero);
        Assert.That(build.Output, Does.Match(@"csharp\.overlay\.yml\([0-9]+,[0-9]+\): error LC0108: .*TaskMetaError"));
    }

    /// <summary>How often a build lowered the contract, and how often it ran NSwag.</summary>
    private static (int Lowerings, int Generations) Runs((int ExitCode, string Output) build) =>
        (Count(build.Output, "ContractTool.dll\" lower "), Count(build.Output, "dotnet-nswag.dll\" run "));

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private async Task<(int ExitCode, string Output)> BuildAsync(params string[] arguments)
    {
        await using var build = TestProcess.Start(
            "dotnet",
            ["build", "src/LalalAi.Generated", "--verbosity", "normal", "-nodeReuse:false", "-p:RunAnalyzers=false", .. arguments],
            new Dictionary<string, string> { ["MSBUILDTERMINALLOGGER"] = "off", ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
            folder: _copy);
        return (await build.ExitAsync(), build.Output);
    }

    private static void Copy(string source, string target)
    {
        if (File.Exists(source))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (!File.Exists(target) || File.ReadAllText(source) != File.ReadAllText(target))
            {
                File.Copy(source, target, overwrite: true);
                File.SetLastWriteTimeUtc(target, DateTime.UtcNow);
            }

            return;
        }

        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(source, file);
            if (!relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            {
                Copy(file, Path.Combine(target, relative));
            }
        }
    }
}

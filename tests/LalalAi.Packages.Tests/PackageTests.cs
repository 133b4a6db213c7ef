using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LalalAi.Sandbox;

namespace LalalAi.Packages.Tests;

/// <summary>The packages, installed from a folder into new projects outside of the repository.</summary>
internal sealed partial class PackageTests
{
    private static readonly string Root = RepositoryRoot.Path;
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private DirectoryInfo _folder = null!;

    private string Feed => Path.Combine(_folder.FullName, "feed");

    [OneTimeSetUp]
    public async Task PackAsync()
    {
        _folder = Directory.CreateTempSubdirectory("lalalai-packages-");
        foreach (var project in Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            await DotnetAsync(Root, "pack", project, "--no-build", "--configuration", Configuration, "--output", Feed);
        }

        CopyConsumers();
        await CopySamplesAsync(Path.Combine(_folder.FullName, "samples"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "nuget.config"), await NuGetConfigAsync());
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Directory.Build.props"), Versions());
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [TestCase("LalalAi.Sdk", "lib/netstandard2.0/LalalAi.dll", "lib/netstandard2.0/LalalAi.xml", "lib/net10.0/LalalAi.dll", "lib/net10.0/LalalAi.xml")]
    [TestCase("LalalAi.Generated", "lib/netstandard2.0/LalalAi.Generated.dll", "lib/net10.0/LalalAi.Generated.dll", "lib/net10.0/LalalAi.Generated.xml")]
    [TestCase("LalalAi.Sandbox", "lib/net10.0/LalalAi.Sandbox.dll", "lib/net10.0/LalalAi.Sandbox.xml")]
    [TestCase("LalalAi.Orleans", "lib/net10.0/LalalAi.Orleans.dll", "lib/net10.0/LalalAi.Orleans.xml")]
    [TestCase("LalalAi.AI", "lib/net10.0/LalalAi.AI.dll", "lib/net10.0/LalalAi.AI.xml")]
    [TestCase("LalalAi.Cli", "tools/net10.0/any/DotnetToolSettings.xml", "tools/net10.0/any/LalalAi.Sandbox.dll")]
    public void A_package_has_its_assemblies_documentation_license_and_symbols(string id, params string[] files)
    {
        using var package = ZipFile.OpenRead(Find(id, "nupkg"));
        using var symbols = ZipFile.OpenRead(Find(id, "snupkg"));

        Assert.That(package.Entries.Select(entry => entry.FullName), Is.SupersetOf(files.Concat(["README.md", "LICENSE", "icon.png"])));
        Assert.That(symbols.Entries.Select(entry => entry.FullName), Has.Some.EndsWith(".pdb"));
    }

    [Test]
    public async Task The_first_program_of_the_readme_runs_in_a_console_project()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Root, "README.md"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "ConsoleApp", "Program.cs"), Program().Match(readme.ReplaceLineEndings("\n")).Groups[1].Value);
        var output = await DotnetAsync(Path.Combine(_folder.FullName, "ConsoleApp"), "run");

        Assert.That(output, Does.Contain("vocals: ").And.Contain("no_vocals: ").And.Contain("split_by_lalalai.wav"));
        Assert.That(Directory.GetFiles(Path.Combine(_folder.FullName, "ConsoleApp", "out")), Has.Length.EqualTo(2));
    }

    [TestCase("LalalAi.Sdk", "Microsoft.Bcl.AsyncInterfaces", "Microsoft.Bcl.TimeProvider", "Microsoft.Extensions.Http")]
    public void A_package_depends_on_the_first_release_of_the_line_for_each_framework(string id, params string[] dependencies)
    {
        using var package = ZipFile.OpenRead(Find(id, "nupkg"));
        using var nuspec = package.Entries.Single(entry => entry.Name == $"{id}.nuspec").Open();
        var groups = XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "group").ToList();

        Assert.That(groups, Has.Count.EqualTo(2));
        foreach (var group in groups)
        {
            var versions = group.Elements().ToDictionary(dependency => (string)dependency.Attribute("id")!, dependency => (string)dependency.Attribute("version")!);
            Assert.That(dependencies.Select(dependency => versions.GetValueOrDefault(dependency)), Has.All.EqualTo("10.0.0"));
        }
    }

    [Test]
    public async Task A_release_without_the_address_of_its_repository_fails()
    {
        var (exitCode, output, _) = await RunDotnetAsync(Root, "pack", Path.Combine(Root, "src", "LalalAi.Generated"), "--no-build", "--configuration", Configuration, "--output", Path.Combine(_folder.FullName, "release"), "-p:MinVerVersionOverride=1.2.3");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("ProjectUrl"));
    }

    [Test]
    public async Task The_readme_of_a_package_links_to_the_repository()
    {
        await DotnetAsync(
            Root, "pack", Path.Combine(Root, "src", "LalalAi"), "--no-build", "--configuration", Configuration, "--output", Path.Combine(_folder.FullName, "linked"), "-p:ProjectUrl=https://example.com/lalalai");
        using var package = ZipFile.OpenRead(Directory.GetFiles(Path.Combine(_folder.FullName, "linked"), "*.nupkg").Single());
        using var reader = new StreamReader(package.GetEntry("README.md")!.Open());
        var readme = await reader.ReadToEndAsync();

        Assert.That(readme, Does.Contain("](https://example.com/lalalai/blob/main/docs/getting-started.md)").And.Not.Contain("](../"));
        Assert.That(readme, Does.Contain("await client.ProcessAsync(\"song.flac\", new StemSeparatorPresets { Stem = Stem.Vocals }, \"out\");"), "Nothing else is changed.");
    }

    [Test]
    public async Task A_trimmed_application_runs_the_whole_job()
    {
        var folder = Path.Combine(_folder.FullName, "TrimmedApp");
        await DotnetAsync(folder, "publish", "--use-current-runtime", "--output", "published");
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity });
        await File.WriteAllBytesAsync(Path.Combine(folder, "song.wav"), SandboxSong.Create(TimeSpan.FromSeconds(1)));

        var variables = new Dictionary<string, string> { ["LALALAI_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri, ["LALALAI_LICENSE_KEY"] = sandbox.LicenseKey };
        var (_, output, errors) = await RunAsync(Path.Combine(folder, "published", "TrimmedApp"), folder, variables);

        Assert.That(output, Is.EqualTo("constructor: vocals, vocals, no_vocals\ncontainer: vocals, vocals, no_vocals\n"), errors);
    }

    [Test]
    public async Task A_web_application_registers_client_and_sandbox() =>
        Assert.That(await DotnetAsync(Path.Combine(_folder.FullName, "WebApp"), "run"), Does.Contain("minutes: 42"));

    [Test]
    public async Task A_silo_processes_a_catalog() =>
        Assert.That(await DotnetAsync(Path.Combine(_folder.FullName, "ClusterApp"), "run"), Does.Contain("song.wav: Done, vocals, no_vocals"));

    [Test]
    public async Task An_agent_gets_the_functions() =>
        Assert.That(
            await DotnetAsync(Path.Combine(_folder.FullName, "Agent"), "run"),
            Does.Contain("estimate, split, change_voice, status, download, cancel, account").And.Contain("\"minutes_left\":600"));

    [Test]
    public async Task A_netstandard_library_is_tested_in_the_sandbox() =>
        Assert.That(await DotnetAsync(Path.Combine(_folder.FullName, "UnitTests"), "test"), Does.Contain("Passed:     2"));

    [TestCaseSource(nameof(Samples))]
    public Task A_sample_builds_from_the_packages(string sample) => DotnetAsync(Path.Combine(_folder.FullName, "samples", sample), "build");

    [Test]
    public async Task The_tool_installs_from_the_folder_alone_and_runs()
    {
        var tools = Path.Combine(_folder.FullName, "tools");
        await DotnetAsync(_folder.FullName, "tool", "install", "LalalAi.Cli", "--tool-path", tools, "--prerelease", "--configfile", "nuget.config");
        var (exitCode, output, errors) = await RunAsync(Path.Combine(tools, "lalalai"), _folder.FullName, variables: null, "demo");

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2).And.All.Exist);
        Assert.That(errors, Does.Contain("  lalalai split YOUR-SONG.wav"), "It knows what it is called.");
    }

    // What this test run has set for itself is none of a new process's business. Tests read English messages.
    private static Task<(int ExitCode, string Output, string Errors)> RunDotnetAsync(string folder, params string[] arguments) => RunAsync(
        "dotnet",
        folder,
        new Dictionary<string, string>
        {
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            // A null value removes a variable.
            ["MSBuildSDKsPath"] = null!,
            ["VSTEST_HOST_DEBUG"] = null!,
        },
        arguments);

    /// <summary>Runs a program to its end, within a limit that no machine is slow enough to reach.</summary>
    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string program, string folder, Dictionary<string, string>? variables, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await using var process = TestProcess.Start(program, arguments, variables, folder: folder);
        return (await process.ExitAsync(limit.Token), process.Output, process.Errors);
    }

    private static async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        var (exitCode, output, errors) = await RunDotnetAsync(folder, arguments);
        Assert.That(exitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}\n{output}{errors}");
        return output;
    }

    private string Find(string id, string extension) => Directory.GetFiles(Feed, $"{id}.*.{extension}").Single();

    private void CopyConsumers()
    {
        var consumers = Path.Combine(AppContext.BaseDirectory, "Consumers");
        foreach (var file in Directory.EnumerateFiles(consumers, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder.FullName, Path.GetRelativePath(consumers, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static IEnumerable<string> Samples() =>
        Directory.GetFiles(Path.Combine(Root, "samples"), "*.csproj", SearchOption.AllDirectories)
            .Select(project => Path.GetFileNameWithoutExtension(project)).Where(name => name != "Samples.Tests").Order();

    /// <summary>Copies the samples, and replaces references to projects of this repository by references to their packages.</summary>
    private static async Task CopySamplesAsync(string target)
    {
        var source = Path.Combine(Root, "samples");
        foreach (var file in Directory.EnumerateFiles(source, "*.cs*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(source, file);
            var copy = Path.Combine(target, name);
            if (name.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "Samples.Tests"))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await File.WriteAllTextAsync(copy, SourceProject().Replace(await File.ReadAllTextAsync(file), match => $"<PackageReference Include=\"{PackageOf(match.Groups[1].Value)}\" />"));
        }

        var versions = string.Concat(
            from package in Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            select $"<PackageVersion Include=\"{PackageOf(Path.GetFileNameWithoutExtension(package))}\" Version=\"$(LalalAiVersion)\" />");
        var central = await File.ReadAllTextAsync(Path.Combine(Root, "Directory.Packages.props"));
        await File.WriteAllTextAsync(Path.Combine(target, "Directory.Packages.props"), central.Replace("</Project>", $"<ItemGroup>{versions}</ItemGroup></Project>", StringComparison.Ordinal));
        await File.WriteAllTextAsync(
            Path.Combine(target, "Directory.Build.props"),
            """
            <Project>
              <Import Project="../Directory.Build.props" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup Condition="'$(MSBuildProjectName)' == 'Karaoke'">
                <PackageReference Include="Microsoft.NET.Test.Sdk" />
                <PackageReference Include="NUnit" />
                <Using Include="NUnit.Framework" />
              </ItemGroup>
            </Project>
            """);
    }

    private static string PackageOf(string project) => project == "LalalAi" ? "LalalAi.Sdk" : project;

    // Packages of this project go to a folder of their own, so that nothing stale is used and nothing is left behind; the others are there already.
    private static async Task<string> NuGetConfigAsync()
    {
        var listing = await DotnetAsync(Root, "nuget", "locals", "global-packages", "--list");
        var cache = listing.Split("global-packages: ")[1].Trim();
        return $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <fallbackPackageFolders><add key="cache" value="{cache}" /></fallbackPackageFolders>
              <packageSources><add key="feed" value="feed" /></packageSources>
            </configuration>
            """;
    }

    private string Versions()
    {
        var central = File.ReadAllText(Path.Combine(Root, "Directory.Packages.props"));
        string Central(string id) => Regex.Match(central, $"Include=\"{Regex.Escape(id)}\" Version=\"([^\"]+)\"").Groups[1].Value;
        var version = Path.GetFileNameWithoutExtension(Find("LalalAi.Sdk", "nupkg"))["LalalAi.Sdk.".Length..];
        return $"""
            <Project>
              <PropertyGroup>
                <LalalAiVersion>{version}</LalalAiVersion>
                <OrleansVersion>{Regex.Match(central, "<OrleansVersion>(.+)</OrleansVersion>").Groups[1].Value}</OrleansVersion>
                <TestSdkVersion>{Central("Microsoft.NET.Test.Sdk")}</TestSdkVersion>
                <NUnitVersion>{Central("NUnit")}</NUnitVersion>
                <NUnitAdapterVersion>{Central("NUnit3TestAdapter")}</NUnitAdapterVersion>
              </PropertyGroup>
            </Project>
            """;
    }

    [GeneratedRegex("<ProjectReference Include=\"../../src/[^\"]+/([^/\"]+)\\.csproj\" />")]
    private static partial Regex SourceProject();

    [GeneratedRegex("```csharp\n(using LalalAi;.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();
}

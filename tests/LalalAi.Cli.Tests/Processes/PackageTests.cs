using System.Reflection;
using CliWrap;
using CliWrap.Buffered;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>The package: packed, installed from a folder, and run. It takes a build of its own.</summary>
[Category("Build")]
[NonParallelizable]
public sealed class PackageTests
{
    private static readonly string Root = typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    [Test]
    [CancelAfter(600_000)]
    public async Task The_tool_installs_from_a_folder_and_runs_with_nothing_else(CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("lalalai-tool").FullName;
        try
        {
            var feed = Path.Combine(directory, "feed");
            var tools = Path.Combine(directory, "tools");
            // Only the folder is asked: a dependency that is not in the package would not be found.
            var sources = Path.Combine(directory, "nuget.config");
            await File.WriteAllTextAsync(sources, $"""<configuration><packageSources><clear /><add key="feed" value="{feed}" /></packageSources></configuration>""", cancellationToken);

            // What is built already is packed as it is; packing in another configuration would build everything once more.
            await RunAsync("dotnet", ["pack", Path.Combine(Root, "src/LalalAi.Cli"), "-c", Configuration, "--no-build", "-o", feed], cancellationToken);
            await RunAsync("dotnet", ["tool", "install", "LalalAi.Cli", "--tool-path", tools, "--configfile", sources, "--prerelease"], cancellationToken);
            var demo = await RunAsync(Path.Combine(tools, "lalalai"), ["demo", "-o", Path.Combine(directory, "demo")], cancellationToken);

            Assert.That(demo.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2).And.All.Exist);
            Assert.That(demo.StandardError, Does.Contain("lalalai split YOUR-SONG.wav"), "It knows what it is called.");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Configuration => typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static async Task<BufferedCommandResult> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var result = await CliWrap.Cli.Wrap(program).WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancellationToken);
        Assert.That(result.ExitCode, Is.Zero, result.StandardOutput + result.StandardError);
        return result;
    }
}

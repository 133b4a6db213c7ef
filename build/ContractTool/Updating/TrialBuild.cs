using System.Diagnostics;
using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;

namespace LalalAi.ContractTool.Updating;

/// <summary>
/// Generates the client of a contract and compiles it, in a temporary folder and by the same build as in the repository: only that build
/// knows what the generator and the compiler accept.
/// </summary>
internal sealed class TrialBuild(string contract, string? overlayFile)
{
    private const string Project = "src/LalalAi.Generated";

    private static readonly string[] Sources =
    [
        "global.json", "nswag.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "src/Directory.Build.props",
        Project, "build/templates", "build/GenerateClient.targets", "build/ContractTool.targets", "build/BannedSymbols.txt",
        "build/BannedSymbols.Libraries.txt",
    ];

    /// <summary>Returns the generated code.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("contract-trial-").FullName;
        try
        {
            foreach (var source in Sources)
            {
                Copy(Path.Combine(RepositoryRoot(), source), Path.Combine(folder, source));
            }

            AtomicFile.Write(Path.Combine(folder, "openapi/lalalai.yml"), contract);
            AtomicFile.Write(
                Path.Combine(folder, "openapi/csharp.overlay.yml"),
                overlayFile is null ? "overlay: 1.0.0\nactions: []\n" : JsonDocumentReader.ReadAllText(overlayFile));
            await BuildAsync(folder, cancellationToken).ConfigureAwait(false);
            return string.Concat(
                Directory.EnumerateFiles(Path.Combine(folder, Project), "*.g.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task BuildAsync(string folder, CancellationToken cancellationToken)
    {
        // Nodes that stay behind would hold on to the folder.
        string[] arguments = [
            "build", Project, "--verbosity", "quiet", "-nodeReuse:false", $"-p:ContractToolAssembly={typeof(TrialBuild).Assembly.Location}"
        ];
        using var build = new Process
        {
            StartInfo = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        build.StartInfo.Environment["MSBUILDTERMINALLOGGER"] = "off";
        build.Start();
        try
        {
            var error = build.StandardError.ReadToEndAsync(cancellationToken);
            var output =
                await build.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false) + await error.ConfigureAwait(false);
            await build.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (build.ExitCode != 0)
            {
                var errors = output.Replace(folder, string.Empty, StringComparison.Ordinal).Split('\n', StringSplitOptions.TrimEntries)
                    .Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct().Take(3).ToList();
                throw new ContractException(
                    "LC0409",
                    "The client generated from the new contract does not compile: "
                        + $"{(errors.Count == 0 ? output : string.Join(" | ", errors))} Add a lowering rule, or describe the construct "
                        + "in openapi/csharp.overlay.yml.");
            }
        }
        finally
        {
            if (!build.HasExited)
            {
                build.Kill(entireProcessTree: true);
            }
        }
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "nswag.json")))
            {
                return folder.FullName;
            }
        }

        throw new ContractException(
            "LC0410",
            "The trial build needs the repository, which is not around this tool. Run the tool from its repository, or skip the trial "
                + "build with --no-build.");
    }

    private static void Copy(string source, string target)
    {
        if (File.Exists(source))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
            return;
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries(source).Where(entry => Path.GetFileName(entry) is not ("bin" or "obj")))
        {
            Copy(entry, Path.Combine(target, Path.GetFileName(entry)));
        }
    }
}

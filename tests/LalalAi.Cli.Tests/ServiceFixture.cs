using LalalAi.Cli.Connection;

namespace LalalAi.Cli.Tests;

/// <summary>
/// Commands inside the test process, whose environment names the sandbox. The environment belongs to the process, hence one test at a time.
/// </summary>
[NonParallelizable]
public abstract class ServiceFixture : SandboxFixture
{
    [TearDown]
    public void Restore_the_environment()
    {
        Environment.SetEnvironmentVariable(LalalAiClientOptions.LicenseKeyVariable, null);
        Environment.SetEnvironmentVariable(LalalAiClientOptions.BaseAddressVariable, null);
        Environment.SetEnvironmentVariable(UserFolder.Variable, SetUpUserFolder.Directory);
    }

    /// <summary>Runs a job over the song, or over other paths, into the output folder.</summary>
    protected Task<CommandRun> RunAsync(string command, params string[] arguments) =>
        CommandRun.StartAsync([command, Song, "-o", Output, .. arguments]);

    protected override void OnStarted()
    {
        foreach (var (name, value) in Variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}

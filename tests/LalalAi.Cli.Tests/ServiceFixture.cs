using LalalAi.Cli.Connection;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests;

/// <summary>
/// A sandbox that the environment names, a folder to work in, and a song in it. The environment belongs to the process, hence one test at a
/// time.
/// </summary>
[NonParallelizable]
public abstract class ServiceFixture
{
    protected string Root { get; private set; } = null!;

    protected string Output => Path.Combine(Root, "out");

    protected string Song { get; private set; } = null!;

    protected SandboxServer Sandbox { get; private set; } = null!;

    /// <summary>How the sandbox behaves unless a test starts another.</summary>
    protected virtual SandboxOptions Options => new() { Speed = double.PositiveInfinity };

    [SetUp]
    public async Task Start_a_service()
    {
        Root = Directory.CreateTempSubdirectory("lalalai-cli").FullName;
        Environment.SetEnvironmentVariable(UserFolder.Variable, Path.Combine(Root, "home"));
        Song = SongFile.Write(Root, seconds: 0.1);
        Sandbox = await SandboxServer.StartAsync(Options);
        Use(Sandbox);
    }

    [TearDown]
    public async Task Stop_it()
    {
        Environment.SetEnvironmentVariable(LalalAiClientOptions.LicenseKeyVariable, null);
        Environment.SetEnvironmentVariable(LalalAiClientOptions.BaseAddressVariable, null);
        Environment.SetEnvironmentVariable(UserFolder.Variable, SetUpUserFolder.Directory);
        await Sandbox.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Starts a sandbox that behaves otherwise, in the place of the fixture's.</summary>
    protected async Task UseAsync(SandboxOptions options)
    {
        await Sandbox.DisposeAsync();
        Sandbox = await SandboxServer.StartAsync(options);
        Use(Sandbox);
    }

    protected LalalAiClient Connect() =>
        new(new LalalAiClientOptions { BaseAddress = Sandbox.BaseAddress, LicenseKey = Sandbox.LicenseKey });

    protected async Task<double> MinutesLeftAsync()
    {
        await using var client = Connect();
        return (await client.GetMinutesLeftAsync())!.Value;
    }

    /// <summary>Runs a job over the song, or over other paths, into the output folder.</summary>
    protected Task<CommandRun> RunAsync(string command, params string[] arguments) =>
        CommandRun.StartAsync([command, Song, "-o", Output, .. arguments]);

    protected string Track(string name) => Path.Combine(Output, "song", name);

    private static void Use(SandboxServer sandbox)
    {
        Environment.SetEnvironmentVariable(LalalAiClientOptions.LicenseKeyVariable, sandbox.LicenseKey);
        Environment.SetEnvironmentVariable(LalalAiClientOptions.BaseAddressVariable, sandbox.BaseAddress.ToString());
    }
}

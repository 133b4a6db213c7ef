using LalalAi.Cli.Connection;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests;

/// <summary>A sandbox, a folder to work in, and a song in it, for programs that run as processes.</summary>
public abstract class SandboxFixture
{
    protected string Root { get; private set; } = null!;

    protected string Output => Path.Combine(Root, "out");

    /// <summary>The folder for data of the user.</summary>
    protected string Home => Path.Combine(Root, "home");

    protected string Song { get; private set; } = null!;

    protected SandboxServer Sandbox { get; private set; } = null!;

    /// <summary>How the sandbox behaves unless a test starts another.</summary>
    protected virtual SandboxOptions Options => new() { Speed = double.PositiveInfinity };

    /// <summary>The variables that point a program at the sandbox and at the folder of the user.</summary>
    protected Dictionary<string, string> Variables { get; private set; } = null!;

    [SetUp]
    public async Task Start_a_service()
    {
        Root = Directory.CreateTempSubdirectory("lalalai-cli").FullName;
        Song = SongFile.Write(Root, seconds: 0.1);
        await StartAsync(Options);
    }

    [TearDown]
    public async Task Stop_it()
    {
        await Sandbox.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Starts a sandbox that behaves otherwise, in the place of the fixture's.</summary>
    protected async Task UseAsync(SandboxOptions options)
    {
        await Sandbox.DisposeAsync();
        await StartAsync(options);
    }

    protected LalalAiClient Connect() =>
        new(new LalalAiClientOptions { BaseAddress = Sandbox.BaseAddress, LicenseKey = Sandbox.LicenseKey });

    protected async Task<double> MinutesLeftAsync()
    {
        await using var client = Connect();
        return (await client.GetMinutesLeftAsync())!.Value;
    }

    protected string Track(string name) => Path.Combine(Output, "song", name);

    private async Task StartAsync(SandboxOptions options)
    {
        Sandbox = await SandboxServer.StartAsync(options);
        Variables = new()
        {
            [LalalAiClientOptions.LicenseKeyVariable] = Sandbox.LicenseKey,
            [LalalAiClientOptions.BaseAddressVariable] = Sandbox.BaseAddress.ToString(),
            [UserFolder.Variable] = Home,
        };
    }
}

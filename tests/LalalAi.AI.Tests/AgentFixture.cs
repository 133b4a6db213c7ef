using System.Text.Json;
using LalalAi.Sandbox;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.AI.Tests;

/// <summary>A sandbox whose clock moves only when a test moves it, a folder with a song of three seconds, and an output folder.</summary>
public abstract class AgentFixture
{
    protected const string Split = """{ "file": "song.wav" }""";

    /// <summary>The price of the song: three seconds.</summary>
    protected const double Price = 0.05;

    private static readonly string?[] FinalStatuses = ["declined", "done", "failed", "stopped"];

    protected string Root { get; private set; } = null!;

    protected string Songs => Path.Combine(Root, "songs");

    protected string Output => Path.Combine(Root, "out");

    protected string Song => Path.Combine(Songs, "song.wav");

    protected SandboxServer Sandbox { get; private set; } = null!;

    protected LalalAiClient Client { get; private set; } = null!;

    protected LalalAiFunctionsOptions Options => new()
    {
        AllowedFolders = [Songs],
        OutputFolder = Output,
        MaxMinutes = 10,
        ReadDuration = file => TimeSpan.FromSeconds(Math.Floor(file.Length / (44_100.0 * 4))),
    };

    [SetUp]
    public async Task Start_a_service()
    {
        Root = Directory.CreateTempSubdirectory("lalalai-ai").FullName;
        Directory.CreateDirectory(Songs);
        await File.WriteAllBytesAsync(Song, SandboxSong.Create(TimeSpan.FromSeconds(3)));
        Sandbox = await SandboxServer.StartAsync(new SandboxOptions { TimeProvider = new FakeTimeProvider(DateTimeOffset.UtcNow), ChecksPerMinute = null });
        Client = new LalalAiClient(new LalalAiClientOptions
        {
            BaseAddress = Sandbox.BaseAddress,
            LicenseKey = Sandbox.LicenseKey,
            PollingInterval = TimeSpan.FromMilliseconds(20),
            CheckRateLimiter = UnlimitedChecks.Limiter,
        });
    }

    [TearDown]
    public async Task Stop_it()
    {
        await Client.DisposeAsync();
        await Sandbox.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    protected static async Task<JsonElement> CallAsync(LalalAiFunctions functions, string name, string arguments, CancellationToken cancellationToken = default) =>
        (JsonElement)(await functions.Single(function => function.Name == name).InvokeAsync(ArgumentsOf(arguments), cancellationToken))!;

    protected static AIFunctionArguments ArgumentsOf(string json) =>
        new(JsonSerializer.Deserialize<Dictionary<string, object?>>(json));

    protected static string? Text(JsonElement result, string name) => result.TryGetProperty(name, out var value) ? value.ToString() : null;

    protected static Task<JsonElement> StatusAsync(LalalAiFunctions functions, string job, CancellationToken cancellationToken) =>
        CallAsync(functions, "status", $$"""{ "job": "{{job}}", "wait_seconds": 0 }""", cancellationToken);

    /// <summary>Waits until a job has a status, by its own progress and not by time.</summary>
    protected static async Task<JsonElement> WaitForAsync(LalalAiFunctions functions, string job, string status, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await StatusAsync(functions, job, cancellationToken);
            if (Text(state, "status") == status)
            {
                return state;
            }

            Assert.That(Text(state, "status"), Is.Not.AnyOf(FinalStatuses), state.ToString());
            await Task.Yield();
        }
    }

    /// <summary>Waits until a job has a final status. A slow machine takes more than one call.</summary>
    protected static async Task<JsonElement> WaitForEndAsync(LalalAiFunctions functions, string job, CancellationToken cancellationToken)
    {
        JsonElement state;
        do
        {
            state = await CallAsync(functions, "status", $$"""{ "job": "{{job}}", "wait_seconds": 45 }""", cancellationToken);
        }
        while (!FinalStatuses.Contains(Text(state, "status")));
        return state;
    }

    /// <summary>Lets the task of a job finish, and waits for the files.</summary>
    protected async Task<JsonElement> FinishAsync(LalalAiFunctions functions, string job, CancellationToken cancellationToken)
    {
        await WaitForAsync(functions, job, "processing", cancellationToken);
        Sandbox.Advance(TimeSpan.FromMinutes(30));
        return await WaitForEndAsync(functions, job, cancellationToken);
    }
}

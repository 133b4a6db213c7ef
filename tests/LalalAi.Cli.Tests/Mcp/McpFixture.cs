using System.Text.Json;
using LalalAi.Cli.Connection;
using LalalAi.Sandbox;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LalalAi.Cli.Tests.Mcp;

/// <summary>
/// A sandbox whose clock moves only when a test moves it, a song of three seconds, and servers. In every test,
/// servers write only protocol to standard output, and the key to no output.
/// </summary>
[CancelAfter(TestLimit.Milliseconds)]
[Parallelizable]
public abstract class McpFixture
{
    protected const string Key = "sandbox-1f7c2e9a-do-not-show";
    protected const double Price = 0.05;

    private static readonly string?[] FinalStatuses = ["declined", "done", "failed", "stopped"];

    private readonly List<McpSession> _servers = [];

    protected string Root { get; private set; } = null!;

    protected string Songs => Path.Combine(Root, "songs");

    protected string Output => Path.Combine(Root, "out");

    protected SandboxServer Sandbox { get; private set; } = null!;

    protected Dictionary<string, string> Variables => new()
    {
        [LalalAiClientOptions.LicenseKeyVariable] = Key,
        [LalalAiClientOptions.BaseAddressVariable] = Sandbox.BaseAddress.ToString(),
        [UserFolder.Variable] = Path.Combine(Root, "home"),
    };

    protected string[] Arguments => ["--allow", Songs, "-o", Output, "--max-minutes", "10"];

    [SetUp]
    public async Task Start_a_service()
    {
        Root = Directory.CreateTempSubdirectory("lalalai-mcp").FullName;
        Directory.CreateDirectory(Songs);
        await File.WriteAllBytesAsync(Path.Combine(Songs, "song.wav"), SandboxSong.Create(TimeSpan.FromSeconds(3)));
        Sandbox = await SandboxServer.StartAsync(new SandboxOptions
        {
            TimeProvider = new FakeTimeProvider(DateTimeOffset.UtcNow),
            ChecksPerMinute = null,
            LicenseKeys = [Key],
        });
    }

    [TearDown]
    public async Task Stop_it()
    {
        var servers = _servers.ToList();
        _servers.Clear();
        foreach (var server in servers)
        {
            var messages = await server.EndAsync(CancellationToken.None).SoonAsync();
            Assert.That(server.Lines.Select(ProtocolOf), Has.All.EqualTo("2.0"), "Standard output is nothing but protocol.");
            Assert.That(string.Concat(server.Lines.Append(messages)), Does.Not.Contain(Key));
            await server.DisposeAsync();
        }

        await Sandbox.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    internal async Task<McpSession> StartAsync(CancellationToken cancellationToken, McpClientOptions? options = null, params string[] arguments) =>
        Add(await McpServerRun.StartAsync(Variables, arguments.Length > 0 ? arguments : Arguments, options, cancellationToken));

    internal async Task<McpProcess> StartProcessAsync(CancellationToken cancellationToken, McpClientOptions? options = null) =>
        Add(await McpProcess.StartAsync(Variables, Arguments, options, cancellationToken));

    internal static async Task<JsonElement> CallAsync(
        McpSession server, string tool, string arguments, CancellationToken cancellationToken, IProgress<ModelContextProtocol.ProgressNotificationValue>? progress = null) =>
        ResultOf(await server.Client.CallToolAsync(tool, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments), progress, cancellationToken: cancellationToken));

    /// <summary>The structured content of a result, or the JSON of an error.</summary>
    protected static JsonElement ResultOf(CallToolResult result) =>
        result.StructuredContent ?? JsonSerializer.Deserialize<JsonElement>(result.Content.OfType<TextContentBlock>().First().Text);

    protected static string? Text(JsonElement result, string name) => result.TryGetProperty(name, out var value) ? value.ToString() : null;

    internal static Task<JsonElement> StatusAsync(McpSession server, string job, CancellationToken cancellationToken) =>
        CallAsync(server, "status", $$"""{ "job": "{{job}}", "wait_seconds": 0 }""", cancellationToken);

    internal static async Task WaitForAsync(McpSession server, string job, string status, CancellationToken cancellationToken)
    {
        JsonElement state;
        while (Text(state = await StatusAsync(server, job, cancellationToken), "status") != status)
        {
            Assert.That(Text(state, "status"), Is.Not.AnyOf(FinalStatuses), state.ToString());
        }
    }

    internal async Task<JsonElement> FinishAsync(McpSession server, string job, CancellationToken cancellationToken)
    {
        await WaitForAsync(server, job, "processing", cancellationToken);
        Sandbox.Advance(TimeSpan.FromMinutes(30));
        return await WaitForEndAsync(server, job, cancellationToken);
    }

    /// <summary>Waits until a job has a final status. A slow machine takes more than one call.</summary>
    internal static async Task<JsonElement> WaitForEndAsync(McpSession server, string job, CancellationToken cancellationToken)
    {
        JsonElement state;
        do
        {
            state = await CallAsync(server, "status", $$"""{ "job": "{{job}}", "wait_seconds": 45 }""", cancellationToken);
        }
        while (!FinalStatuses.Contains(Text(state, "status")));
        return state;
    }

    /// <summary>Runs the command line, and finishes what it starts.</summary>
    internal async Task<CommandRun> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var starts = Sandbox.GetReport().Starts;
        var running = CommandRun.StartAsync(arguments, CommandRun.Context(Variables), cancellationToken);
        await TestLimit.UntilAsync(() => running.IsCompleted || Sandbox.GetReport().Starts > starts, cancellationToken);
        Sandbox.Advance(TimeSpan.FromMinutes(30));
        return await running;
    }

    private T Add<T>(T server)
        where T : McpSession
    {
        _servers.Add(server);
        return server;
    }

    private static string? ProtocolOf(string line) => Text(JsonSerializer.Deserialize<JsonElement>(line), "jsonrpc");
}

using System.Diagnostics;
using LalalAi.Sandbox;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LalalAi.Cli.Tests.Mcp;

/// <summary><c>lalalai mcp</c> as a process, with the SDK's own client at its other end.</summary>
internal sealed class McpProcess : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(TestContext.CurrentContext.TestDirectory, "LalalAi.Cli.dll");

    private readonly Process _process;
    private readonly RecordingStream _output;
    private readonly Task<string> _messages;

    private McpProcess(Process process)
    {
        _process = process;
        _output = new RecordingStream(process.StandardOutput.BaseStream);
        _messages = process.StandardError.ReadToEndAsync();
    }

    public McpClient Client { get; private set; } = null!;

    /// <summary>The lines that the server wrote to standard output so far.</summary>
    public IReadOnlyList<string> Lines => _output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static async Task<McpProcess> StartAsync(
        SandboxServer? sandbox, IReadOnlyList<string> arguments, McpClientOptions? options, CancellationToken cancellationToken)
    {
        var server = new McpProcess(Process.Start(StartInfo(sandbox, arguments))!);
        var transport = new StreamClientTransport(server._process.StandardInput.BaseStream, server._output);
        server.Client = await ConnectAsync(transport, options ?? new McpClientOptions(), cancellationToken);
        return server;
    }

    /// <summary>Connects a client that waits for a process that takes long to start.</summary>
    public static Task<McpClient> ConnectAsync(IClientTransport transport, McpClientOptions options, CancellationToken cancellationToken)
    {
        (options.DiscoverProbeTimeout, options.InitializationTimeout) = (Timeout.InfiniteTimeSpan, TestLimit.Time);
        return McpClient.CreateAsync(transport, options, cancellationToken: cancellationToken);
    }

    /// <summary>Returns how a server starts, with its streams redirected.</summary>
    public static ProcessStartInfo StartInfo(SandboxServer? sandbox, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "mcp", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove(LalalAiClientOptions.LicenseKeyVariable);
        if (sandbox is not null)
        {
            start.Environment[LalalAiClientOptions.BaseAddressVariable] = sandbox.BaseAddress.ToString();
            start.Environment[LalalAiClientOptions.LicenseKeyVariable] = sandbox.LicenseKey;
        }

        return start;
    }

    /// <summary>Kills the server as <c>kill -9</c> does.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Closes the server's input, waits for its end, and returns what it wrote for people.</summary>
    public async Task<string> EndAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
        return await _messages;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await Client.DisposeAsync();
        _process.Dispose();
    }
}

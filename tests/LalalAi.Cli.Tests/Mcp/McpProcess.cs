using System.Diagnostics;
using ModelContextProtocol.Client;

namespace LalalAi.Cli.Tests.Mcp;

/// <summary>A server as a process.</summary>
internal sealed class McpProcess : McpSession
{
    private static readonly string Program = Path.Combine(TestContext.CurrentContext.TestDirectory, "LalalAi.Cli.dll");

    private readonly Process _process;
    private readonly Task<string> _messages;

    private McpProcess(Process process)
        : base(process.StandardInput.BaseStream, process.StandardOutput.BaseStream)
    {
        _process = process;
        _messages = process.StandardError.ReadToEndAsync();
    }

    public static async Task<McpProcess> StartAsync(
        IReadOnlyDictionary<string, string> variables, string[] arguments, McpClientOptions? options, CancellationToken cancellationToken)
    {
        var server = new McpProcess(Start(variables, arguments));
        await server.ConnectAsync(options, cancellationToken);
        return server;
    }

    /// <summary>Starts a server whose streams are redirected.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> variables, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "mcp", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Kills the server as <c>kill -9</c> does.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public override async Task<string> EndAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
        return await _messages;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await base.DisposeAsync();
        _process.Dispose();
    }
}

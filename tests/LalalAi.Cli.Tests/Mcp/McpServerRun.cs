using System.IO.Pipelines;
using ModelContextProtocol.Client;

namespace LalalAi.Cli.Tests.Mcp;

/// <summary>A server inside the test process, over pipes.</summary>
internal sealed class McpServerRun : McpSession
{
    private readonly Pipe _input;
    private readonly Task<CommandRun> _running;

    private McpServerRun(Pipe input, Pipe output, Task<CommandRun> running)
        : base(input.Writer.AsStream(), output.Reader.AsStream()) => (_input, _running) = (input, running);

    /// <summary>The lines of the protocol, and, after the end, all others.</summary>
    public override IReadOnlyList<string> Lines => _running.IsCompletedSuccessfully ? [.. base.Lines, .. _running.Result.Lines] : base.Lines;

    public static async Task<McpServerRun> StartAsync(
        IReadOnlyDictionary<string, string> variables, string[] arguments, McpClientOptions? options, CancellationToken cancellationToken)
    {
        var (input, output) = (new Pipe(), new Pipe());
        var server = new McpServerRun(input, output, RunAsync(variables, arguments, input, output));
        try
        {
            await server.ConnectAsync(options, cancellationToken);
            return server;
        }
        catch
        {
            await server.EndAsync(CancellationToken.None).SoonAsync();
            throw;
        }
    }

    public override async Task<string> EndAsync(CancellationToken cancellationToken)
    {
        await _input.Writer.CompleteAsync();
        return (await _running.WaitAsync(cancellationToken)).Messages;
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync(CancellationToken.None);
        await base.DisposeAsync();
    }

    private static async Task<CommandRun> RunAsync(IReadOnlyDictionary<string, string> variables, string[] arguments, Pipe input, Pipe output)
    {
        var context = CommandRun.Context(variables, input: input.Reader.AsStream(), output: output.Writer.AsStream());
        try
        {
            return await CommandRun.StartAsync(["mcp", .. arguments], context, CancellationToken.None);
        }
        finally
        {
            await output.Writer.CompleteAsync();
        }
    }
}

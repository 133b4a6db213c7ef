using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LalalAi.Cli.Tests.Mcp;

/// <summary><c>lalalai mcp</c> with the SDK's own client at the other end of its standard streams.</summary>
internal abstract class McpSession(Stream input, Stream output) : IAsyncDisposable
{
    private readonly RecordingStream _output = new(output);

    public McpClient Client { get; private set; } = null!;

    /// <summary>The lines that the server wrote to standard output so far.</summary>
    public virtual IReadOnlyList<string> Lines => _output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Connects a client that waits for a process that takes long to start.</summary>
    public static Task<McpClient> ConnectAsync(IClientTransport transport, McpClientOptions options, CancellationToken cancellationToken)
    {
        (options.DiscoverProbeTimeout, options.InitializationTimeout) = (Timeout.InfiniteTimeSpan, TestLimit.Time);
        return McpClient.CreateAsync(transport, options, cancellationToken: cancellationToken);
    }

    /// <summary>Closes the server's input, waits for its end, and returns what it wrote for people.</summary>
    public abstract Task<string> EndAsync(CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync() => Client.DisposeAsync();

    protected async Task ConnectAsync(McpClientOptions? options, CancellationToken cancellationToken) => Client = await ConnectAsync(
        new StreamClientTransport(input, _output), options ?? new McpClientOptions(), cancellationToken);
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LalalAi.Cli.Mcp;

/// <summary>
/// A transport over standard input and output. It also writes the responses to requests that are in progress when the input is closed. The
/// SDK's transport drops them.
/// </summary>
internal sealed class StdioTransport : TransportBase
{
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly Stream _output;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _inputClosed = new();

    public StdioTransport(Stream input, Stream output)
        : base("lalalai", loggerFactory: null)
    {
        _output = output;
        InputClosed = _inputClosed.Token;
        SetConnected();
        _ = Task.Run(() => ReadAsync(input));
    }

    /// <summary>Canceled when the input is closed. Calls that wait for a job should then return.</summary>
    public CancellationToken InputClosed { get; }

    public override Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) =>
        SendLineAsync(JsonSerializer.SerializeToUtf8Bytes(message, MessageType), cancellationToken);

    public override ValueTask DisposeAsync()
    {
        // A read of standard input cannot be canceled. The process ends with it.
        SetDisconnected();
        return ValueTask.CompletedTask;
    }

    private async Task ReadAsync(Stream input)
    {
        try
        {
            using var reader = new StreamReader(input);
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.Length > 0 && await ParseAsync(line) is { } message)
                {
                    await WriteMessageAsync(message);
                }
            }
        }
        catch (IOException)
        {
            // The client has disconnected.
        }
        finally
        {
            await _inputClosed.CancelAsync();
            SetDisconnected();
        }
    }

    private async Task SendLineAsync(byte[] json, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _output.WriteAsync((byte[])[.. json, (byte)'\n'], cancellationToken);
            await _output.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Reads a message. Anything else gets an error response.</summary>
    private async Task<JsonRpcMessage?> ParseAsync(string line)
    {
        var (code, problem) = (McpErrorCode.ParseError, "The line is not valid JSON.");
        try
        {
            // A message refers to its JSON for as long as it is in use, so this is not a document that ends.
            var json = JsonSerializer.Deserialize<JsonElement>(line);
            (code, problem) = (McpErrorCode.InvalidRequest, "The line is not a JSON-RPC message.");
            return json.Deserialize(MessageType) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            // The SDK's errors always have an ID.
            var response = new { jsonrpc = "2.0", id = (string?)null, error = new { code = (int)code, message = problem } };
            await SendLineAsync(JsonSerializer.SerializeToUtf8Bytes(response), CancellationToken.None);
            return null;
        }
    }
}

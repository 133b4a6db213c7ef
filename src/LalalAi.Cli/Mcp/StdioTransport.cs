using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LalalAi.Cli.Mcp;

/// <summary>
/// A transport over standard input and output. When the input is closed, it stays connected until all requests have a response. The SDK's
/// transport would drop them.
/// </summary>
internal sealed class StdioTransport : TransportBase
{
    private static readonly TimeSpan LastResponses = TimeSpan.FromSeconds(10);

    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly Stream _output;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _inputClosed = new();
    private readonly Lock _lock = new();
    private readonly HashSet<RequestId> _requests = [];
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        try
        {
            await SendLineAsync(JsonSerializer.SerializeToUtf8Bytes(message, MessageType), cancellationToken);
        }
        finally
        {
            if (message is JsonRpcResponse or JsonRpcError)
            {
                Remove(((JsonRpcMessageWithId)message).Id);
            }
        }
    }

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

            await _inputClosed.CancelAsync();
            lock (_lock)
            {
                EndIfAnswered();
            }

            await _answered.Task.WaitAsync(LastResponses, TimeProvider.System);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            // The client has disconnected.
        }
        finally
        {
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

    /// <summary>
    /// Reads a message, and tracks a request until it has a response or is canceled. Anything else gets an error response.
    /// </summary>
    private async Task<JsonRpcMessage?> ParseAsync(string line)
    {
        JsonRpcMessage? message = null;
        var (code, problem) = (McpErrorCode.ParseError, "The line is not valid JSON.");
        try
        {
            // A message refers to its JSON for as long as it is in use, so this is not a document that ends.
            var json = JsonSerializer.Deserialize<JsonElement>(line);
            (code, problem) = (McpErrorCode.InvalidRequest, "The line is not a JSON-RPC message.");
            message = json.Deserialize(MessageType) ?? throw new JsonException();
            if (message is JsonRpcRequest { Method: not RequestMethods.SubscriptionsListen } request)
            {
                lock (_lock)
                {
                    _requests.Add(request.Id);
                }
            }
            else if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } canceled
                && canceled.Params?.Deserialize<CancelledNotificationParams>(McpJsonUtilities.DefaultOptions) is { } parameters)
            {
                Remove(parameters.RequestId);
            }

            return message;
        }
        catch (JsonException) when (message is null)
        {
            // The SDK's errors always have an ID.
            var response = new { jsonrpc = "2.0", id = (string?)null, error = new { code = (int)code, message = problem } };
            await SendLineAsync(JsonSerializer.SerializeToUtf8Bytes(response), CancellationToken.None);
            return null;
        }
        catch (JsonException)
        {
            // A notification gets no response.
            return null;
        }
    }

    private void Remove(RequestId request)
    {
        lock (_lock)
        {
            _requests.Remove(request);
            EndIfAnswered();
        }
    }

    private void EndIfAnswered()
    {
        if (_requests.Count == 0 && InputClosed.IsCancellationRequested)
        {
            _answered.TrySetResult();
        }
    }
}

using System.Net.Sockets;

namespace LalalAi.Testing;

/// <summary>
/// A server on a loopback socket that follows the script of a test: it reads a part of a request or all of it, and then answers, holds the
/// answer, cuts it, lies about its length or resets the connection. Each connection gets one response.
/// </summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly LoopbackListener _listener;
    private readonly Func<ScriptedRequest, ScriptedResponse> _respond;
    private readonly List<ScriptedRequest> _requests = [];
    private readonly List<(int Number, TaskCompletionSource<ScriptedRequest> Arrived)> _awaited = [];

    private ScriptedServer(Func<ScriptedRequest, ScriptedResponse> respond)
    {
        _respond = respond;
        _listener = new LoopbackListener(ServeAsync);
    }

    public Uri Address => _listener.Address;

    /// <summary>The requests so far, in order of their arrival. Each is there as soon as its head is.</summary>
    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <param name="respond">Decides, when the head of a request has arrived, what happens to the rest.</param>
    public static ScriptedServer Start(Func<ScriptedRequest, ScriptedResponse> respond) => new(respond);

    /// <param name="respond">Decides when all of a request has arrived.</param>
    public static ScriptedServer StartReading(Func<ScriptedRequest, ScriptedResponse> respond) =>
        new(_ => new ScriptedResponse { Then = respond });

    /// <summary>Waits for a request to arrive.</summary>
    /// <param name="number">1 for the first request, and so on.</param>
    public Task<ScriptedRequest> RequestAsync(int number)
    {
        lock (_lock)
        {
            if (_requests.Count >= number)
            {
                return Task.FromResult(_requests[number - 1]);
            }

            var arrived = new TaskCompletionSource<ScriptedRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((number, arrived));
            return arrived.Task.SoonAsync();
        }
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                using var reader = new ScriptedRequestReader(stream, stop);
                if (await reader.ReadHeadAsync() is not { } head)
                {
                    return;
                }

                var request = Add(head);
                var response = _respond(request);
                if (request.Headers.ContainsKey("Expect") && response.ReadBytes != 0)
                {
                    await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stop);
                }

                await reader.ReadBodyAsync(request, response);
                response = response.Then?.Invoke(request) ?? response;
                await RespondAsync(client, stream, response, stop);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
            }
        }
    }

    private ScriptedRequest Add(string head)
    {
        lock (_lock)
        {
            var request = new ScriptedRequest(_requests.Count + 1, head);
            _requests.Add(request);
            foreach (var awaited in _awaited.Where(awaited => awaited.Number == request.Number))
            {
                awaited.Arrived.SetResult(request);
            }

            return request;
        }
    }

    private static async Task RespondAsync(TcpClient client, NetworkStream stream, ScriptedResponse response, CancellationToken stop)
    {
        var body = response.Content.AsMemory(0, Math.Min(response.CutAfter ?? int.MaxValue, response.Content.Length));
        var first = 0;
        if (response.HoldAfter is { } bytes)
        {
            first = Math.Min(bytes, body.Length);
            await stream.WriteAsync(response.Head(), stop);
            await stream.WriteAsync(body[..first], stop);
        }

        await (response.HoldUntil ?? (response.HoldAfter is null ? Task.CompletedTask : ScriptedResponse.Forever)).WaitAsync(stop);
        if (response.IsReset)
        {
            // Closing the socket itself resets; its stream would end it in good order first.
            client.LingerState = new LingerOption(enable: true, 0);
            client.Client.Dispose();
            return;
        }

        if (response.HoldAfter is null)
        {
            await stream.WriteAsync(response.Head(), stop);
        }

        await stream.WriteAsync(body[first..], stop);
        client.Client.Shutdown(SocketShutdown.Send);
        if (!response.Drains)
        {
            client.Client.Dispose();
            return;
        }

        // A socket that is closed with unread data resets, which takes away what was sent.
        await stream.CopyToAsync(Stream.Null, stop);
    }
}

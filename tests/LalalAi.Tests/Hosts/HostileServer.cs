using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace LalalAi.Tests.Hosts;

/// <summary>
/// A server on a loopback socket that does whatever a test tells it: cut a body at a byte, lie about lengths, ignore ranges, hold back, send headers that no server
/// framework would. Each connection gets one answer.
/// </summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private readonly Func<HostileRequest, HostileResponse> _answer;
    private readonly ConcurrentQueue<HostileRequest> _requests = new();
    private int _count;

    private HostileServer(Func<HostileRequest, HostileResponse> answer)
    {
        _answer = answer;
        _listener = new LoopbackListener(ServeAsync);
    }

    public Uri Address => _listener.Address;

    /// <summary>The requests so far, in order of their arrival.</summary>
    public IReadOnlyList<HostileRequest> Requests => [.. _requests];

    public static HostileServer Start(Func<HostileRequest, HostileResponse> answer) => new(answer);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                if (await ReadAsync(stream, stop) is not { } request)
                {
                    return;
                }

                _requests.Enqueue(request);
                var response = _answer(request);
                await stream.WriteAsync(response.Head(), stop);
                var body = response.Body.AsMemory(0, Math.Min(response.CutAfter ?? int.MaxValue, response.Body.Length));
                var first = Math.Min(response.HoldAfter ?? body.Length, body.Length);
                await stream.WriteAsync(body[..first], stop);
                if (response.HoldAfter is not null)
                {
                    await response.HoldUntil.WaitAsync(stop);
                    await stream.WriteAsync(body[first..], stop);
                }

                client.Client.Shutdown(SocketShutdown.Send);
                // A socket that is closed with unread data resets, which takes away what was sent.
                await stream.CopyToAsync(Stream.Null, stop);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
            }
        }
    }

    private async Task<HostileRequest?> ReadAsync(NetworkStream stream, CancellationToken stop)
    {
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(buffer, stop) == 0)
            {
                return null;
            }

            text.Append((char)buffer[0]);
        }

        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new HostileRequest(Interlocked.Increment(ref _count), lines[0].Split(' ')[1], headers);
    }
}

/// <param name="Number">1 for the first request, and so on.</param>
/// <param name="Path">The path with its query.</param>
/// <param name="Headers">The headers; names in any case.</param>
internal sealed record HostileRequest(int Number, string Path, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The first byte that was asked for, or <see langword="null"/> when the whole file was.</summary>
    public int? From => Headers.TryGetValue("Range", out var range) ? int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture) : null;
}

internal sealed record HostileResponse
{
    public int Status { get; init; } = 200;

    public byte[] Body { get; init; } = [];

    /// <summary>Further headers, sent as they are.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>The length that is promised; by default the true one, and none when negative.</summary>
    public long? ContentLength { get; init; }

    /// <summary>The bytes of the body after which the connection ends.</summary>
    public int? CutAfter { get; init; }

    /// <summary>The bytes of the body after which the server waits.</summary>
    public int? HoldAfter { get; init; }

    /// <summary>What it waits for; by default for ever.</summary>
    public Task HoldUntil { get; init; } = Task.Delay(Timeout.Infinite);

    /// <summary>Answers as a good server does: with the range that was asked for if the validator still fits.</summary>
    public static HostileResponse File(HostileRequest request, byte[] content, string? etag = "\"one\"", string? name = "song.wav", bool ranges = true)
    {
        List<string> headers = ["Content-Type: audio/wav"];
        if (etag is not null)
        {
            headers.Add($"ETag: {etag}");
        }

        if (name is not null)
        {
            headers.Add($"Content-Disposition: attachment; filename=\"{name}\"");
        }

        var isCurrent = !request.Headers.TryGetValue("If-Range", out var condition) || condition == etag;
        if (!ranges || !isCurrent || request.From is not { } from)
        {
            return new HostileResponse { Body = content, Headers = headers };
        }

        return from >= content.Length
            ? new HostileResponse { Status = 416, Headers = [$"Content-Range: bytes */{content.Length}"] }
            : new HostileResponse { Status = 206, Body = content[from..], Headers = [.. headers, $"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}"] };
    }

    public byte[] Head()
    {
        var head = new StringBuilder($"HTTP/1.1 {Status} Status\r\nConnection: close\r\n");
        if ((ContentLength ?? Body.Length) is var length and >= 0)
        {
            head.Append("Content-Length: ").Append(length).Append("\r\n");
        }

        foreach (var header in Headers)
        {
            head.Append(header).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace LalalAi.Tests.Hosts;

/// <summary>Looks at a part of a request's body.</summary>
/// <param name="offset">Where the part stands in the body.</param>
/// <param name="part">The part.</param>
internal delegate void BodySink(long offset, ReadOnlySpan<byte> part);

/// <summary>
/// The API's side of a loopback socket: it reads the body of each request, as much of it as a test wants, and then answers, holds back or breaks the connection. Each connection
/// gets one answer.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private readonly Func<ApiRequest, ApiReply> _reply;
    private readonly ConcurrentQueue<ApiRequest> _requests = new();
    private int _count;

    private ApiServer(Func<ApiRequest, ApiReply> reply)
    {
        _reply = reply;
        _listener = new LoopbackListener(ServeAsync);
    }

    public Uri Address => _listener.Address;

    /// <summary>The requests so far, in order of their arrival; they are there as soon as their head is.</summary>
    public IReadOnlyList<ApiRequest> Requests => [.. _requests];

    /// <param name="reply">Decides, when the head of a request is there, what becomes of the rest.</param>
    public static ApiServer Start(Func<ApiRequest, ApiReply> reply) => new(reply);

    /// <param name="reply">Decides when the whole of a request is there.</param>
    public static ApiServer StartReading(Func<ApiRequest, ApiReply> reply) => new(_ => new ApiReply { Then = reply });

    /// <summary>An address that nobody listens at.</summary>
    public static Uri Nowhere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
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
                using var reader = new ApiRequestReader(stream, stop);
                if (await reader.ReadHeadAsync() is not { } head)
                {
                    return;
                }

                var request = new ApiRequest(Interlocked.Increment(ref _count), head);
                var reply = _reply(request);
                _requests.Enqueue(request);
                if (request.Headers.ContainsKey("Expect") && reply.ReadBytes != 0)
                {
                    await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stop);
                }

                await reader.ReadBodyAsync(request, reply);
                reply = reply.Then?.Invoke(request) ?? reply;
                await reply.HoldUntil.WaitAsync(stop);
                if (!reply.IsReset)
                {
                    await stream.WriteAsync(reply.Bytes(), stop);
                    client.Client.Shutdown(SocketShutdown.Send);
                }

                if (reply.IsReset || !reply.Drains)
                {
                    // Closing the socket itself resets; its stream would end it in good order first.
                    client.LingerState = new LingerOption(enable: reply.IsReset, 0);
                    client.Client.Dispose();
                    return;
                }

                // A socket that is closed with unread data resets, which takes away what was sent.
                await stream.CopyToAsync(Stream.Null, stop);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
            }
        }
    }
}

/// <summary>A request as it came over the wire.</summary>
internal sealed class ApiRequest
{
    public ApiRequest(int number, string head)
    {
        Number = number;
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Path = lines[0].Split(' ')[1];
        Headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>1 for the first request, and so on.</summary>
    public int Number { get; }

    public string Path { get; }

    /// <summary>The headers, their values byte for byte as Latin-1.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The bytes of the body that were read.</summary>
    public long BodyLength { get; set; }

    /// <summary>Whether the body was read to its end.</summary>
    public bool IsComplete { get; set; }

    /// <summary>The SHA-256 of the body, when it was read to its end.</summary>
    public string? BodyHash { get; set; }

    /// <summary>The start of the body, 64 KiB at most.</summary>
    public MemoryStream Start { get; } = new();

    public string Text => Encoding.UTF8.GetString(Start.ToArray());
}

/// <summary>What becomes of a request.</summary>
internal sealed record ApiReply
{
    public static readonly Task Forever = Task.Delay(Timeout.Infinite);

    public int Status { get; init; } = 200;

    public string Body { get; init; } = "{}";

    public string ContentType { get; init; } = "application/json";

    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>The bytes of the request's body that are read before anything is answered; by default all.</summary>
    public long? ReadBytes { get; init; }

    /// <summary>The bytes of the answer's body after which the connection ends.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Whether the connection is reset instead of an answer.</summary>
    public bool IsReset { get; init; }

    /// <summary>Whether the rest of the request is read after the answer, as a patient server does.</summary>
    public bool Drains { get; init; } = true;

    /// <summary>What the server waits for before it answers.</summary>
    public Task HoldUntil { get; init; } = Task.CompletedTask;

    /// <summary>Decides anew when the body was read.</summary>
    public Func<ApiRequest, ApiReply>? Then { get; init; }

    /// <summary>Looks at the body instead of the hash.</summary>
    public BodySink? Sink { get; init; }

    public static ApiReply Reset { get; } = new() { IsReset = true };

    /// <summary>The answer to an upload.</summary>
    public static ApiReply Uploaded { get; } = new() { Body = """{"id":"6e6f2f1a-8d5f-4a52-9a0f-0f3a4c1d2e3b","name":"song.wav","size":3000000000,"duration":120,"expires":1761217415}""" };

    /// <summary>The answer to a start.</summary>
    public static ApiReply Started { get; } = new() { Body = """{"task_id":"0b9a7c5e-1111-4222-8333-444455556666"}""" };

    public static ApiReply Error(int status, string? code = null) =>
        new() { Status = status, Body = code is null ? """{"detail":"no"}""" : $$"""{"detail":"no","code":"{{code}}"}""" };

    public byte[] Bytes()
    {
        var body = Encoding.UTF8.GetBytes(Body);
        var head = new StringBuilder($"HTTP/1.1 {Status} Status\r\nConnection: close\r\nContent-Type: {ContentType}\r\nContent-Length: {body.Length}\r\n");
        foreach (var header in Headers)
        {
            head.Append(header).Append("\r\n");
        }

        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. body.AsSpan(0, Math.Min(CutAfter ?? int.MaxValue, body.Length))];
    }
}

/// <summary>Reads one request from a socket, its body plain or in chunks.</summary>
internal sealed class ApiRequestReader(NetworkStream stream, CancellationToken cancellationToken) : IDisposable
{
    private const int KeptBytes = 64 * 1024;

    private readonly BufferedStream _input = new(stream, 16 * 1024);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public async Task<string?> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (await ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                return head.ToString();
            }

            head.Append(line).Append("\r\n");
        }

        return null;
    }

    public async Task ReadBodyAsync(ApiRequest request, ApiReply reply)
    {
        var limit = reply.ReadBytes ?? long.MaxValue;
        if (request.Headers.TryGetValue("Content-Length", out var length))
        {
            var total = long.Parse(length, CultureInfo.InvariantCulture);
            request.IsComplete = await ReadPartAsync(request, reply, Math.Min(total, limit)) && request.BodyLength == total;
        }
        else if (request.Headers.ContainsKey("Transfer-Encoding"))
        {
            while (request.BodyLength < limit && await ReadLineAsync() is { } size)
            {
                var chunk = long.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                var isWhole = await ReadPartAsync(request, reply, Math.Min(chunk, limit - request.BodyLength));
                if (chunk == 0 || !isWhole || request.BodyLength == limit)
                {
                    request.IsComplete = chunk == 0;
                    break;
                }

                await ReadLineAsync();
            }
        }

        request.BodyHash = request.IsComplete ? Convert.ToHexString(_hash.GetHashAndReset()) : null;
    }

    public void Dispose()
    {
        _input.Dispose();
        _hash.Dispose();
    }

    private async Task<bool> ReadPartAsync(ApiRequest request, ApiReply reply, long count)
    {
        while (count > 0)
        {
            var read = await _input.ReadAsync(_buffer.AsMemory(0, (int)Math.Min(count, _buffer.Length)), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            Look(request, reply, _buffer.AsSpan(0, read));
            request.BodyLength += read;
            count -= read;
        }

        return true;
    }

    private void Look(ApiRequest request, ApiReply reply, ReadOnlySpan<byte> part)
    {
        if (reply.Sink is { } sink)
        {
            sink(request.BodyLength, part);
            return;
        }

        _hash.AppendData(part);
        request.Start.Write(part[..(int)Math.Min(part.Length, KeptBytes - request.Start.Length)]);
    }

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _input.ReadAsync(one, cancellationToken) > 0)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}

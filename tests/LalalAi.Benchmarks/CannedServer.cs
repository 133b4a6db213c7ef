using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LalalAi.Benchmarks;

/// <summary>
/// Answers every request with the same JSON and discards bodies. It allocates nothing per request: what is measured in its process is the
/// client.
/// </summary>
internal sealed class CannedServer : IAsyncDisposable
{
    private const int BufferSize = 256 * 1024;

    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] LengthHeader = "\r\nContent-Length: "u8.ToArray();
    private static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();
    private static readonly byte[] Expectation = "100-continue"u8.ToArray();

    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly byte[] _answer;
    private readonly Task _accepting;

    public CannedServer(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: 0123456789abcdef0123456789abcdef\r\n"
                + $"Content-Length: {body.Length}\r\n\r\n");
        _answer = [.. Encoding.ASCII.GetBytes(head), .. body];
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        BaseAddress = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/");
        _accepting = AcceptAsync();
    }

    public Uri BaseAddress { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var connection = await _listener.AcceptAsync(_stopping.Token);
            connection.NoDelay = true;
            _ = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using (connection)
        {
            var buffer = new byte[BufferSize];
            var filled = 0;
            try
            {
                while (true)
                {
                    int end;
                    while ((end = buffer.AsSpan(0, filled).IndexOf(EndOfHead)) < 0)
                    {
                        if (await ReceiveAsync(connection, buffer.AsMemory(filled)) is var count and > 0)
                        {
                            filled += count;
                        }
                        else
                        {
                            return;
                        }
                    }

                    var head = end + EndOfHead.Length;
                    if (buffer.AsSpan(0, head).IndexOf(Expectation) >= 0)
                    {
                        await connection.SendAsync(Continue, SocketFlags.None, _stopping.Token);
                    }

                    var missing = ContentLength(buffer.AsSpan(0, head)) - (filled - head);
                    while (missing > 0)
                    {
                        var received = await ReceiveAsync(connection, buffer.AsMemory(0, (int)Math.Min(buffer.Length, missing)));
                        missing -= received > 0 ? received : throw new EndOfStreamException();
                    }

                    filled = 0;
                    await connection.SendAsync(_answer, SocketFlags.None, _stopping.Token);
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or EndOfStreamException)
            {
                // The client has gone, or the server goes.
            }
        }
    }

    private static long ContentLength(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf(LengthHeader);
        if (at < 0)
        {
            return 0;
        }

        var digits = head[(at + LengthHeader.Length)..];
        return long.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }

    private ValueTask<int> ReceiveAsync(Socket connection, Memory<byte> buffer) =>
        connection.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token);
}

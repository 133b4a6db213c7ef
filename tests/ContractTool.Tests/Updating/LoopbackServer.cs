using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LalalAi.ContractTool.Tests.Updating;

/// <summary>
/// Answers one request on a free port with exactly these bytes and hangs up: a server that tells lies about its body's length cannot be had
/// from a proper HTTP server.
/// </summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _answering;

    public LoopbackServer(string head, byte[] body, bool hangs = false)
    {
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/openapi.yml";
        _answering = AnswerAsync([.. Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n"), .. body], hangs);
    }

    public string Address { get; }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        try
        {
            _answering.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // Nobody called, or the caller hung up first: both are what some tests are about.
        }

        _stop.Dispose();
    }

    private async Task AnswerAsync(byte[] answer, bool hangs)
    {
        using var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
        var stream = connection.GetStream();
        using (var request = new StreamReader(stream, leaveOpen: true))
        {
            while (await request.ReadLineAsync(_stop.Token) is { Length: > 0 })
            {
            }
        }

        await stream.WriteAsync(answer, _stop.Token);
        await stream.FlushAsync(_stop.Token);
        if (hangs)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }
    }
}

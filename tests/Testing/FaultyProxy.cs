using System.Net;
using System.Net.Sockets;

namespace LalalAi.Testing;

/// <summary>
/// What goes wrong on each connection, by its number. It has to give the same for the same number, so that a run can be repeated.
/// </summary>
public delegate IReadOnlyList<WireFault> WirePlan(int connection);

/// <summary>
/// A TCP proxy in front of one origin. A client's handler connects to it instead of the origin, for every address, so that links need
/// not be rewritten.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly string _name;
    private readonly DnsEndPoint _origin;
    private readonly WirePlan _plan;
    private readonly FaultLog _log;
    private readonly LoopbackListener _listener;
    private int _connections;

    public FaultyProxy(string name, Uri origin, WirePlan plan, FaultLog log)
    {
        _name = name;
        _origin = new DnsEndPoint(origin.Host, origin.Port);
        _plan = plan;
        _log = log;
        _listener = new LoopbackListener(ServeAsync);
    }

    /// <summary>Whether faults are applied. If not, new connections are passed on unchanged.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Makes a handler whose connections all go through the proxy.</summary>
    /// <param name="lifetime">How long a connection may be used again; zero for one request each.</param>
    public SocketsHttpHandler CreateHandler(TimeSpan lifetime) => new()
    {
        ConnectCallback = ConnectAsync,
        PooledConnectionLifetime = lifetime,
        // By default, a client that has waited for a second sends its content without the server's consent.
        Expect100ContinueTimeout = TestLimit.Time,
    };

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (!context.DnsEndPoint.Equals(_origin))
        {
            // A corrupt link must not leave this machine.
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_listener.Address.Host, _listener.Address.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _connections) - 1;
        using var server = new TcpClient();
        _log.Opened();
        try
        {
            await server.ConnectAsync(_origin.Host, _origin.Port, cancellationToken);
            var connection = new FaultyConnection(client.Client, server.Client, IsQuiet ? [] : _plan(number), fault => _log.Note($"{_name} {number}", fault));
            await connection.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            client.Client.Close(timeout: 0);
        }
        finally
        {
            client.Dispose();
            _log.Ended();
        }
    }
}

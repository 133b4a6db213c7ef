using System.Net;
using System.Net.Sockets;

namespace LalalAi.Testing;

/// <summary>An address that refuses connections. Its port is bound, so that no other program can listen there, and nothing listens.</summary>
public sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}/");
    }

    public Uri Address { get; }

    /// <summary>Starts a program on a free port. Another program may be given the port first: then the start is retried with another one.</summary>
    /// <param name="startAsync">Starts the program, and returns <see langword="null"/> if it could not use the port.</param>
    public static async Task<(T Program, int Port)> StartOnFreePortAsync<T>(Func<int, Task<T?>> startAsync)
        where T : class
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            int port;
            using (var closed = new ClosedPort())
            {
                port = closed.Address.Port;
            }

            if (await startAsync(port) is { } program)
            {
                return (program, port);
            }
        }

        throw new AssertionException("Other programs were given ten free ports, one after the other.");
    }

    public void Dispose() => _socket.Dispose();
}

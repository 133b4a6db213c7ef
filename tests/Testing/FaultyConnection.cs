using System.Net.Sockets;

namespace LalalAi.Testing;

/// <summary>One connection through a proxy: passes the bytes of both directions on, until a fault is applied.</summary>
public sealed class FaultyConnection(Socket client, Socket server, IReadOnlyList<WireFault> faults, Action<WireFault> note)
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private volatile bool _isOver;

    /// <summary>Runs until both ends have closed the connection, or it was reset.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        client.NoDelay = server.NoDelay = true;
        await Task.WhenAll(
            RelayAsync(WireDirection.ToServer, client, server, cancellationToken),
            RelayAsync(WireDirection.ToClient, server, client, cancellationToken));
    }

    private async Task RelayAsync(WireDirection direction, Socket from, Socket to, CancellationToken cancellationToken)
    {
        var due = new Queue<WireFault>(faults.Where(fault => fault.Direction == direction).OrderBy(fault => fault.Offset));
        var buffer = new byte[16 * 1024];
        var position = 0L;
        var isStalled = false;
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, cancellationToken)) > 0)
            {
                // What comes after a cut or a stall is read all the same: unread bytes would turn the end of a connection into a reset,
                // and hide that the other side has left.
                var rest = buffer.AsMemory(0, read);
                while (!isStalled && rest.Length > 0 && due.TryPeek(out var fault) && fault.Offset < position + rest.Length)
                {
                    due.Dequeue();
                    // Slices may have passed it.
                    var before = (int)Math.Max(fault.Offset - position, 0);
                    await SendAsync(to, rest[..before], cancellationToken);
                    var sent = before + await ApplyAsync(fault, to, rest[before..], cancellationToken);
                    position += sent;
                    rest = rest[sent..];
                    isStalled = fault.Kind == WireFaultKind.Stall;
                }

                if (!isStalled)
                {
                    await SendAsync(to, rest, cancellationToken);
                    position += rest.Length;
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has closed the connection. Reset it for the other side.
            Reset();
        }
    }

    /// <returns>How many of the bytes have been passed on.</returns>
    private async Task<int> ApplyAsync(WireFault fault, Socket to, Memory<byte> next, CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return 0;
        }

        note(fault);
        switch (fault.Kind)
        {
            case WireFaultKind.Close:
                _isOver = true;
                client.Shutdown(SocketShutdown.Send);
                server.Shutdown(SocketShutdown.Send);
                return 0;
            case WireFaultKind.Reset:
                _isOver = true;
                Reset();
                return 0;
            case WireFaultKind.Delay:
                await Task.Delay(Delay, TimeProvider.System, cancellationToken);
                return 0;
            case WireFaultKind.Slice:
                var slices = Math.Min(next.Length, 100);
                for (var slice = 0; slice < slices; slice++)
                {
                    await SendAsync(to, next.Slice(slice, 1), cancellationToken);
                }

                return slices;
            case WireFaultKind.Corrupt:
                next.Span[0] ^= fault.Mask;
                return 0;
            default:
                return 0;
        }
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0 && !_isOver)
        {
            try
            {
                bytes = bytes[await to.SendAsync(bytes, cancellationToken)..];
            }
            catch (SocketException) when (_isOver)
            {
                return;
            }
        }
    }

    private void Reset()
    {
        client.Close(timeout: 0);
        server.Close(timeout: 0);
    }
}

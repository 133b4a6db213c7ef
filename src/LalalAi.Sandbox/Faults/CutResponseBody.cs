using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Faults;

/// <summary>
/// Replaces the stream of a response, to cut its body.
/// </summary>
internal sealed class CutResponseBody(HttpContext context, ResponseCut cut) : WriteOnlyStream
{
    private readonly Stream _inner = context.Response.Body;
    private long _written;
    private bool _closed;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_closed)
        {
            return;
        }

        if (cut.IsBeforeHeaders)
        {
            await EndAsync().ConfigureAwait(false);
        }

        var room = (cut.After ?? context.Response.ContentLength / 2 ?? 0) - _written;
        if (buffer.Length <= room)
        {
            await _inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            _written += buffer.Length;
            return;
        }

        await _inner.WriteAsync(buffer[..(int)room], cancellationToken).ConfigureAwait(false);
        await _inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        await EndAsync().ConfigureAwait(false);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _closed ? Task.CompletedTask : cut.IsBeforeHeaders ? EndAsync() : _inner.FlushAsync(cancellationToken);

    private async Task EndAsync()
    {
        switch (cut.Ending)
        {
            case ResponseCut.Way.Close:
                // The server closes the connection if the response is shorter than its Content-Length.
                _closed = true;
                break;
            case ResponseCut.Way.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(false);
                break;
            default:
                context.Abort();
                throw new OperationCanceledException("The connection was reset by a fault.");
        }
    }
}

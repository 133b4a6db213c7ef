using System.Threading.RateLimiting;

namespace LalalAi.Http;

/// <summary>Limits the transfers of one direction that run at the same time. Others wait in a queue.</summary>
internal sealed class TransferLimiter(int maximum) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = maximum,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a turn, which lasts until the result is disposed.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        var lease = await _limiter.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
        return lease.IsAcquired ? lease : throw new ObjectDisposedException(nameof(LalalAiClient));
    }

    public void Dispose() => _limiter.Dispose();
}

namespace LalalAi.AI.Jobs;

/// <summary>A limited number of places. Entering waits for a place, and disposing the result releases it.</summary>
internal sealed class Places(int count) : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(count);

    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Lease(_semaphore);
    }

    public void Dispose() => _semaphore.Dispose();

    private sealed class Lease(SemaphoreSlim semaphore) : IDisposable
    {
        private SemaphoreSlim? _semaphore = semaphore;

        public void Dispose() => Interlocked.Exchange(ref _semaphore, null)?.Release();
    }
}

using System.Runtime.CompilerServices;

namespace LalalAi;

/// <summary>Adds any number of jobs to a catalog, and reads any number of results.</summary>
public static class LalalAiCatalogExtensions
{
    private const int PageSize = 1000;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Adds jobs in pages. Jobs whose names the catalog has already are ignored: after a failure, add all of them again.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="requests">The jobs. They are enumerated as they are added.</param>
    /// <param name="cancellationToken">Cancels the call. Pages that were added stay.</param>
    /// <returns>How many jobs were new.</returns>
    /// <exception cref="InvalidOperationException">The catalog was canceled.</exception>
    public static async Task<int> AddAsync(
        this ICatalogGrain catalog,
        IEnumerable<JobRequest> requests,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(requests);
        var added = 0;
        foreach (var page in requests.Chunk(PageSize))
        {
            added += await catalog.AddPageAsync(page, cancellationToken).ConfigureAwait(false);
        }

        return added;
    }

    /// <summary>
    /// Returns the result of each job in the order in which they end, and ends when all have ended. The crash of a silo does not end it.
    /// A paused catalog has no results until it is resumed.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="position">How many results to skip, for a consumer that was restarted. 0 by default.</param>
    /// <param name="cancellationToken">Ends the enumeration, not the jobs.</param>
    public static async IAsyncEnumerable<JobStatus> WhenEachAsync(
        this ICatalogGrain catalog, int position = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        for (var isComplete = false; !isComplete;)
        {
            IReadOnlyList<JobStatus> results = [];
            try
            {
                (results, isComplete) = await catalog.GetResultsAsync(position, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (
                exception is OrleansException or TimeoutException && !cancellationToken.IsCancellationRequested)
            {
                // The catalog's silo has stopped. Another one takes over.
                await Task.Delay(RetryDelay, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }

            foreach (var result in results)
            {
                position++;
                yield return result;
            }
        }
    }
}

using System.Threading.RateLimiting;

namespace LalalAi.Cluster.Checks;

/// <summary>The way from a client to the grain that checks for the cluster.</summary>
internal static class SharedChecks
{
    /// <summary>Permits every check.</summary>
    public static RateLimiter NoLimit { get; } = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = int.MaxValue });

    /// <summary>Returns the service key of the client that a silo sends the checks of a license with.</summary>
    public static string ClientKey(string license) => $"LalalAi.Checks:{license}";

    /// <summary>Checks up to 200 tasks in the cluster.</summary>
    public static async Task<IReadOnlyDictionary<TaskId, string>> CheckAsync(
        ICheckGrain grain, IReadOnlyList<TaskId> taskIds, CancellationToken cancellationToken)
    {
        var result = await grain.CheckAsync([.. taskIds.Select(id => id.Value)], cancellationToken).ConfigureAwait(false);
        return result.Refusal is { } refusal
            ? throw refusal.ToException()
            : result.States.ToDictionary(entry => new TaskId(entry.Key), entry => entry.Value);
    }
}

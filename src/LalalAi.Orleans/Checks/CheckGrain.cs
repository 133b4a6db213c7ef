using Newtonsoft.Json;
using Orleans.Concurrency;

namespace LalalAi.Cluster.Checks;

/// <summary>
/// The one place of a cluster that sends checks. The loop of its client merges what the silos ask for into requests of up to 200 tasks,
/// at the client's pace and within its budget, and pauses during outages. The grain has no state: the waits live in the clients that ask,
/// which ask again after a failure.
/// </summary>
/// <remarks>
/// An ordinary grain, not a stateless worker, which would run several times. While a cluster changes, two activations can exist for a
/// moment: that is what a budget in a shared store is for.
/// </remarks>
[Reentrant]
internal sealed class CheckGrain(IServiceProvider services) : Grain, ICheckGrain
{
    private ILalalAiClient Client => field ??= services.GetKeyedService<ILalalAiClient>(SharedChecks.ClientKey(this.GetPrimaryKeyString()))
        ?? throw new InvalidOperationException(
            $"The silo has no license with the name '{this.GetPrimaryKeyString()}'. Register it with AddLalalAi on every silo.");

    public Task<CheckResult> CheckAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken) =>
        CheckAsync(Client, taskIds, cancellationToken);

    internal static async Task<CheckResult> CheckAsync(
        ILalalAiClient client, IReadOnlyList<string> taskIds, CancellationToken cancellationToken)
    {
        // The silos retry by themselves.
        var options = new CallOptions { Timeout = Timeout.InfiniteTimeSpan, MaxRetries = 0 };
        var request = new CheckRequest { TaskIds = [.. taskIds] };
        try
        {
            var response = await client.SendAsync((api, token) => api.CheckAsync(request, token), options, cancellationToken);
            var states = response.Result.ToDictionary(entry => entry.Key, entry => entry.Value.ToString(Formatting.None));
            return new CheckResult { States = states };
        }
        catch (LalalAiApiException exception) when (CheckRefusal.Of(exception) is { } refusal)
        {
            return new CheckResult { Refusal = refusal };
        }
        catch (LalalAiException exception)
        {
            // An exception of the client's does not survive the way to another process.
            throw new InvalidOperationException(exception.Message);
        }
    }
}

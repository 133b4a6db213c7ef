using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace LalalAi.Cluster.Storage;

/// <summary>Verifies at the start of a silo that it can store jobs, and warns if it forgets them.</summary>
internal sealed partial class StorageCheck(IServiceProvider services, ILogger<StorageCheck> logger) : IStartupTask
{
    public Task Execute(CancellationToken cancellationToken)
    {
        var storage = services.GetKeyedService<IGrainStorage>(LalalAiClusterOptions.StorageName)
            ?? throw new OrleansConfigurationException(
                $"The silo has no grain storage with the name {LalalAiClusterOptions.StorageName}. "
                + $"Add one, such as AddRedisGrainStorage(\"{LalalAiClusterOptions.StorageName}\", …).");
        if (storage.GetType().Name.Contains("Memory", StringComparison.Ordinal))
        {
            LogForgets();
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Jobs are stored in memory, and are forgotten when the cluster stops. Started tasks are then lost. Use Redis in production.")]
    private partial void LogForgets();
}

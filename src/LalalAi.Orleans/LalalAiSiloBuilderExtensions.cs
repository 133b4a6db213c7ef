using LalalAi;
using LalalAi.Cluster.Checks;
using LalalAi.Cluster.Files;
using LalalAi.Cluster.Jobs;
using LalalAi.Cluster.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Placement;

namespace Orleans.Hosting;

/// <summary>Adds LALAL.AI to a silo.</summary>
public static class LalalAiSiloBuilderExtensions
{
    /// <summary>
    /// Adds jobs and catalogs to a silo, and <see cref="ILalalAiClient"/>, whose checks are shared with the cluster. The silo also needs
    /// a grain storage with the name <c>lalalai</c> (<see cref="LalalAiClusterOptions.StorageName"/>) and a reminder service.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="client">Sets the settings of the client, at least <see cref="LalalAiClientOptions.LicenseKey"/>.</param>
    /// <param name="cluster">Sets the settings of the cluster.</param>
    /// <returns><paramref name="silo"/>.</returns>
    public static ISiloBuilder AddLalalAi(
        this ISiloBuilder silo,
        Action<LalalAiClientOptions> client,
        Action<LalalAiClusterOptions>? cluster = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(client);
        var options = new LalalAiClusterOptions();
        cluster?.Invoke(options);
        if (options.Problems().ToList() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(cluster));
        }

        silo.Services.AddLalalAi(client).ShareChecks(options.LicenseName);
        silo.Services.AddKeyedLalalAi(SharedChecks.ClientKey(options.LicenseName), client);
        silo.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options));
        silo.Services.AddSingleton<SiloLimits>();
        silo.Services.AddSingleton<HttpSources>();
        silo.Services.TryAddSingleton<IJobFiles, SharedFiles>();
        silo.AddStartupTask<StorageCheck>();
        if (options.Location is { } location)
        {
            silo.Services.PostConfigure<SiloOptions>(
                settings => settings.SiloName = LocationDirector.SiloName(settings.SiloName, location));
        }

        silo.Services.AddPlacementFilter<LocationFilter, LocationDirector>(ServiceLifetime.Singleton);
        return silo;
    }

    /// <inheritdoc cref="AddLalalAi(ISiloBuilder, Action{LalalAiClientOptions}, Action{LalalAiClusterOptions})"
    /// path="/*[not(self::param)]"/>
    /// <param name="silo">The silo.</param>
    /// <param name="configuration">The section with the settings of the client, for example <c>LalalAi</c> with <c>LicenseKey</c> in
    /// it.</param>
    /// <param name="cluster">Sets the settings of the cluster.</param>
    public static ISiloBuilder AddLalalAi(
        this ISiloBuilder silo,
        IConfiguration configuration,
        Action<LalalAiClusterOptions>? cluster = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return silo.AddLalalAi(configuration.Bind, cluster);
    }
}

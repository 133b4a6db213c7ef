using LalalAi;
using LalalAi.Cluster.Checks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects clients with an Orleans cluster.</summary>
public static class LalalAiClusterClientBuilderExtensions
{
    /// <summary>
    /// Sends the client's checks through the cluster. The cluster merges the checks of all processes, which together stay within the limit
    /// of the license key. Waits, checks and renewed links work as before. The process must be a silo or an Orleans client. While the
    /// cluster cannot be reached, checks pause and waits continue.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="licenseName">The <see cref="LalalAiClusterOptions.LicenseName"/> of the silos. <c>default</c> by default.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ILalalAiClientBuilder ShareChecks(
        this ILalalAiClientBuilder builder,
        string licenseName = LalalAiClusterOptions.DefaultLicenseName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(licenseName);
        builder.Services.AddOptions<LalalAiClientOptions>(builder.Name).Configure<IServiceProvider>((options, services) =>
        {
            options.CheckTransport = (ids, cancellationToken) =>
                SharedChecks.CheckAsync(
                    services.GetRequiredService<IGrainFactory>().GetGrain<ICheckGrain>(licenseName), ids, cancellationToken);
            // The budget is for what is sent to the service, and the cluster takes it.
            options.CheckRateLimiter = SharedChecks.NoLimit;
        });
        return builder;
    }
}

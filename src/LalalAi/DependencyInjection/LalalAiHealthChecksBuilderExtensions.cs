using LalalAi;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a health check of the LALAL.AI service.</summary>
public static class LalalAiHealthChecksBuilderExtensions
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds a health check that requests the minutes left. The request is free, and is sent once, without retries. The registered
    /// <see cref="ILalalAiClient"/> is used.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="minimumMinutes">The check is degraded if fewer minutes are left.</param>
    /// <param name="failureStatus">The status if the service cannot be reached or rejects the license key.
    /// <see cref="HealthStatus.Unhealthy"/> by default.</param>
    /// <param name="tags">Tags to filter health checks by.</param>
    /// <param name="timeout">The timeout of the request. 10 seconds by default.</param>
    /// <param name="serviceKey">The key of the client's registration, if it was registered under one.</param>
    public static IHealthChecksBuilder AddLalalAi(
        this IHealthChecksBuilder builder,
        string name = "lalalai",
        double? minimumMinutes = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null,
        string? serviceKey = null)
    {
        if (builder is null)
        {
            throw new ArgumentNullException(nameof(builder));
        }

        var options = new CallOptions { Operation = "HealthCheck", Timeout = timeout ?? DefaultTimeout };
        options.Validate();
        return builder.Add(new HealthCheckRegistration(
            name,
            provider => new MinutesLeftCheck(
                serviceKey is null
                    ? provider.GetRequiredService<ILalalAiClient>()
                    : provider.GetRequiredKeyedService<ILalalAiClient>(serviceKey),
                options,
                minimumMinutes),
            failureStatus,
            tags));
    }

    private sealed class MinutesLeftCheck(ILalalAiClient client, CallOptions options, double? minimumMinutes) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var response = await client
                    .SendAsync((raw, token) => raw.LimitsMinutesLeftAsync(token), options, cancellationToken)
                    .ConfigureAwait(false);
                var data = new Dictionary<string, object>();
                if (response.MinutesLeft is { } minutes)
                {
                    data.Add("minutes_left", minutes);
                }

                return response.MinutesLeft < minimumMinutes
                    ? HealthCheckResult.Degraded($"{response.MinutesLeft} minutes are left, fewer than {minimumMinutes}.", data: data)
                    : HealthCheckResult.Healthy("The service accepts the license key.", data);
            }
            catch (Exception exception) when (exception is LalalAiException or TimeoutException)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
            }
        }
    }
}

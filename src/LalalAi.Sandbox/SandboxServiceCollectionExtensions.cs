using LalalAi.Sandbox;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a sandbox into a host.</summary>
public static class SandboxServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="SandboxServer"/> that starts with the host, at the latest when it is first asked for, and ends with it. Use it in development, and
    /// point the client at its <see cref="SandboxServer.BaseAddress"/> and <see cref="SandboxServer.LicenseKey"/>.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="options">How the sandbox behaves; null for the defaults.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddLalalAiSandbox(this IServiceCollection services, SandboxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        // Blocking, because options that need its address are made without waiting. Off the caller's context, so that it cannot lock itself out.
        services.AddSingleton(_ => Task.Run(() => SandboxServer.StartAsync(options)).GetAwaiter().GetResult());
        services.AddHostedService<SandboxService>();
        return services;
    }
}

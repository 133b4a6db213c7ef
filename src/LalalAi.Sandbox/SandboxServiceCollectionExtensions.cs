using LalalAi.Sandbox;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a sandbox to a host.</summary>
public static class SandboxServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="SandboxServer"/> that starts with the host, or when it is first resolved, and stops with it. For development:
    /// point the client at its <see cref="SandboxServer.BaseAddress"/> and <see cref="SandboxServer.LicenseKey"/>.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="options">The options of the sandbox; <see langword="null"/> for the defaults.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddLalalAiSandbox(this IServiceCollection services, SandboxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        // Blocks, because options that need the address are created synchronously. On the pool, because the caller's context may be
        // blocked.
        services.AddSingleton(_ => Task.Run(() => SandboxServer.StartAsync(options)).GetAwaiter().GetResult());
        services.AddHostedService<SandboxService>();
        return services;
    }
}

using LalalAi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the LALAL.AI client.</summary>
#if NET
[System.Diagnostics.CodeAnalysis.RequiresDynamicCode("JSON is read and written with Newtonsoft.Json, which native AOT does not support.")]
#endif
public static class LalalAiServiceCollectionExtensions
{
    private const string ApiName = "LalalAi";

    /// <summary>
    /// Registers <see cref="ILalalAiClient"/> as a singleton over <see cref="IHttpClientFactory"/>, and <see cref="ILalalAiClientFactory"/>
    /// for further license keys. The settings are validated when the host starts.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the settings, at least <see cref="LalalAiClientOptions.LicenseKey"/>.</param>
    /// <returns>A builder that configures HTTP handlers.</returns>
    public static ILalalAiClientBuilder AddLalalAi(this IServiceCollection services, Action<LalalAiClientOptions> configure) =>
        AddClient(services, serviceKey: null, ThrowIfNull(configure, nameof(configure)));

    /// <inheritdoc cref="AddLalalAi(IServiceCollection, Action{LalalAiClientOptions})" path="/*[not(self::param)]"/>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section with the settings, for example <c>LalalAi</c> with <c>LicenseKey</c> in it.</param>
    public static ILalalAiClientBuilder AddLalalAi(this IServiceCollection services, IConfiguration configuration) =>
        AddClient(services, serviceKey: null, Bind(configuration));

    /// <summary>
    /// Registers an additional client under a service key. Use it for several license keys that are known at startup. Inject it with
    /// <c>[FromKeyedServices("key")] ILalalAiClient</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key of the registration; not a license key.</param>
    /// <param name="configure">Sets the settings, at least <see cref="LalalAiClientOptions.LicenseKey"/>.</param>
    /// <returns>A builder that configures HTTP handlers.</returns>
    public static ILalalAiClientBuilder AddKeyedLalalAi(
        this IServiceCollection services, string serviceKey, Action<LalalAiClientOptions> configure) =>
        AddClient(services, ThrowIfNull(serviceKey, nameof(serviceKey)), ThrowIfNull(configure, nameof(configure)));

    /// <inheritdoc cref="AddKeyedLalalAi(IServiceCollection, string, Action{LalalAiClientOptions})" path="/*[not(self::param)]"/>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key of the registration; not a license key.</param>
    /// <param name="configuration">The section with the settings.</param>
    public static ILalalAiClientBuilder AddKeyedLalalAi(
        this IServiceCollection services, string serviceKey, IConfiguration configuration) =>
        AddClient(services, ThrowIfNull(serviceKey, nameof(serviceKey)), Bind(configuration));

    /// <summary>
    /// Registers only <see cref="ILalalAiClientFactory"/>, for applications that know license keys only at run time. The settings need
    /// no <see cref="LalalAiClientOptions.LicenseKey"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the settings that all clients share.</param>
    /// <returns>A builder that configures HTTP handlers.</returns>
    public static ILalalAiClientBuilder AddLalalAiClientFactory(
        this IServiceCollection services, Action<LalalAiClientOptions>? configure = null) =>
        AddFactory(services, serviceKey: null, needsKey: false, configure ?? (_ => { }));

    /// <inheritdoc cref="AddLalalAiClientFactory(IServiceCollection, Action{LalalAiClientOptions})" path="/*[not(self::param)]"/>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section with the settings.</param>
    public static ILalalAiClientBuilder AddLalalAiClientFactory(this IServiceCollection services, IConfiguration configuration) =>
        AddFactory(services, serviceKey: null, needsKey: false, Bind(configuration));

    private static LalalAiClientBuilder AddClient(IServiceCollection services, string? serviceKey, Action<LalalAiClientOptions> configure)
    {
        var builder = AddFactory(services, serviceKey, needsKey: true, configure);
        if (serviceKey is null)
        {
            services.TryAddSingleton<ILalalAiClient>(provider => provider.GetRequiredService<LalalAiClientFactory>().GetClient());
        }
        else
        {
            services.TryAddKeyedSingleton<ILalalAiClient>(
                serviceKey, (provider, key) => provider.GetRequiredKeyedService<LalalAiClientFactory>(key).GetClient());
        }

        return builder;
    }

    private static LalalAiClientBuilder AddFactory(
        IServiceCollection services, string? serviceKey, bool needsKey, Action<LalalAiClientOptions> configure)
    {
        ThrowIfNull(services, nameof(services));
        var registration = serviceKey is null
            ? new LalalAiRegistration(Options.Options.DefaultName, ApiName)
            : new LalalAiRegistration(serviceKey, $"{ApiName}:{serviceKey}");
        services.AddOptions<LalalAiClientOptions>(registration.OptionsName)
            .Configure(configure)
            .Configure<IServiceProvider>(static (settings, provider) =>
            {
                settings.LoggerFactory ??= provider.GetService<ILoggerFactory>();
                if (settings.TimeProvider == TimeProvider.System && provider.GetService<TimeProvider>() is { } timeProvider)
                {
                    settings.TimeProvider = timeProvider;
                }
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<LalalAiClientOptions>>(
            new LalalAiClientOptionsValidator(registration.OptionsName, needsKey));
        if (serviceKey is null)
        {
            services.TryAddSingleton(provider => new LalalAiClientFactory(registration, provider));
            services.TryAddSingleton<ILalalAiClientFactory>(provider => provider.GetRequiredService<LalalAiClientFactory>());
        }
        else
        {
            services.TryAddKeyedSingleton(serviceKey, (provider, _) => new LalalAiClientFactory(registration, provider));
            services.TryAddKeyedSingleton<ILalalAiClientFactory>(
                serviceKey, (provider, key) => provider.GetRequiredKeyedService<LalalAiClientFactory>(key));
        }

        LalalAiClientFactory GetFactory(IServiceProvider provider) => serviceKey is null
            ? provider.GetRequiredService<LalalAiClientFactory>()
            : provider.GetRequiredKeyedService<LalalAiClientFactory>(serviceKey);

        // After the configuration of the application, so that the license key is added last.
        foreach (var name in new[] { registration.ApiName, registration.DownloadsName })
        {
            services.PostConfigure<HttpClientFactoryOptions>(
                name, http => http.HttpMessageHandlerBuilderActions.Add(builder => GetFactory(builder.Services).Complete(builder)));
        }

        return new LalalAiClientBuilder(
            services,
            registration.OptionsName,
            services.AddHttpClient(registration.ApiName),
            services.AddHttpClient(registration.DownloadsName));
    }

    // Not OptionsBuilder.Bind, which would read and validate the section again after each change.
    private static Action<LalalAiClientOptions> Bind(IConfiguration configuration) =>
        ThrowIfNull(configuration, nameof(configuration)).Bind;

    private static T ThrowIfNull<T>(T? argument, string name)
        where T : class =>
        argument ?? throw new ArgumentNullException(name);
}

using LalalAi;
using LalalAi.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the LALAL.AI client.</summary>
public static class LalalAiServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="ILalalAiClient"/> as a singleton over <see cref="IHttpClientFactory"/>. The settings are checked when the host starts.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the settings, at least <see cref="LalalAiClientOptions.LicenseKey"/>.</param>
    /// <returns>A builder to add HTTP handlers with.</returns>
    public static ILalalAiClientBuilder AddLalalAi(this IServiceCollection services, Action<LalalAiClientOptions> configure) =>
        Add(services, serviceKey: null, options => options.Configure(configure ?? throw new ArgumentNullException(nameof(configure))));

    /// <inheritdoc cref="AddLalalAi(IServiceCollection, Action{LalalAiClientOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section with the settings, for example <c>LalalAi</c> with <c>LicenseKey</c> in it.</param>
    public static ILalalAiClientBuilder AddLalalAi(this IServiceCollection services, IConfiguration configuration) =>
        Add(services, serviceKey: null, options => options.Bind(configuration ?? throw new ArgumentNullException(nameof(configuration))));

    /// <summary>
    /// Registers a client under a key, beside others: for several license keys. It is injected with <c>[FromKeyedServices("key")] ILalalAiClient</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key of the registration; no license key.</param>
    /// <param name="configure">Sets the settings, at least <see cref="LalalAiClientOptions.LicenseKey"/>.</param>
    /// <returns>A builder to add HTTP handlers with.</returns>
    public static ILalalAiClientBuilder AddKeyedLalalAi(this IServiceCollection services, string serviceKey, Action<LalalAiClientOptions> configure) =>
        Add(services, serviceKey ?? throw new ArgumentNullException(nameof(serviceKey)), options => options.Configure(configure ?? throw new ArgumentNullException(nameof(configure))));

    /// <inheritdoc cref="AddKeyedLalalAi(IServiceCollection, string, Action{LalalAiClientOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key of the registration; no license key.</param>
    /// <param name="configuration">The section with the settings.</param>
    public static ILalalAiClientBuilder AddKeyedLalalAi(this IServiceCollection services, string serviceKey, IConfiguration configuration) =>
        Add(services, serviceKey ?? throw new ArgumentNullException(nameof(serviceKey)), options => options.Bind(configuration ?? throw new ArgumentNullException(nameof(configuration))));

    private static LalalAiClientBuilder Add(IServiceCollection services, string? serviceKey, Action<OptionsBuilder<LalalAiClientOptions>> configure)
    {
        if (services is null)
        {
            throw new ArgumentNullException(nameof(services));
        }

        var optionsName = serviceKey ?? Options.Options.DefaultName;
        var options = services.AddOptions<LalalAiClientOptions>(optionsName);
        configure(options);
        options
            .Configure<IServiceProvider>(static (settings, provider) =>
            {
                settings.LoggerFactory ??= provider.GetService<ILoggerFactory>();
                settings.TimeProvider = settings.TimeProvider == TimeProvider.System ? provider.GetService<TimeProvider>() ?? TimeProvider.System : settings.TimeProvider;
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<LalalAiClientOptions>>(new LalalAiClientOptionsValidator(optionsName));

        var apiName = serviceKey is null ? "LalalAi" : $"LalalAi:{serviceKey}";
        var downloadsName = apiName + ".Downloads";
        var api = services.AddHttpClient(apiName);
        var downloads = services.AddHttpClient(downloadsName);
        services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>>(provider => new LicenseKeyHandlerSetup(apiName, () => GetOptions(provider, optionsName)));

        LalalAiClient Create(IServiceProvider provider) => new(GetOptions(provider, optionsName).Freeze(), frozen => Connect(provider.GetRequiredService<IHttpClientFactory>(), apiName, downloadsName, frozen));
        if (serviceKey is null)
        {
            services.TryAddSingleton<ILalalAiClient>(Create);
        }
        else
        {
            services.TryAddKeyedSingleton<ILalalAiClient>(serviceKey, (provider, _) => Create(provider));
        }

        return new LalalAiClientBuilder(services, api, downloads);
    }

    private static LalalAiClientOptions GetOptions(IServiceProvider provider, string name) => provider.GetRequiredService<IOptionsMonitor<LalalAiClientOptions>>().Get(name);

    private static HttpClients Connect(IHttpClientFactory factory, string apiName, string downloadsName, LalalAiClientOptions options) => new(
        () =>
        {
            var client = factory.CreateClient(apiName);
            HttpClients.Configure(client, options);
            return client;
        },
        () =>
        {
            var client = factory.CreateClient(downloadsName);
            client.Timeout = Timeout.InfiniteTimeSpan;
            return client;
        });
}

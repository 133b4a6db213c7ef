using System.Collections.Concurrent;
using LalalAi;
using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// The clients of one registration, and their HTTP handlers. The settings are read once, so that a half-written change of the configuration
/// does not affect running clients.
/// </summary>
internal sealed class LalalAiClientFactory(LalalAiRegistration registration, IServiceProvider services) : ILalalAiClientFactory, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<LalalAiClient>> _clients = new(StringComparer.Ordinal);
    private readonly Lazy<LalalAiClientOptions> _settings = new(
        () => services.GetRequiredService<IOptionsMonitor<LalalAiClientOptions>>().Get(registration.OptionsName));

    private int _isRemovalLogged;

    /// <summary>Returns the client for the license key of the settings.</summary>
    public LalalAiClient GetClient() =>
        _settings.Value.LicenseKeyProvider is null ? GetOrCreate(_settings.Value.LicenseKey) : Create(_settings.Value.Freeze());

    public ILalalAiClient GetClient(string licenseKey) => GetOrCreate(licenseKey ?? throw new ArgumentNullException(nameof(licenseKey)));

    public bool Remove(string licenseKey)
    {
        var isRemoved = _clients.TryRemove(licenseKey ?? throw new ArgumentNullException(nameof(licenseKey)), out var client);
        client?.Value.Dispose();
        return isRemoved;
    }

    public void Dispose()
    {
        foreach (var licenseKey in _clients.Keys)
        {
            Remove(licenseKey);
        }
    }

    /// <summary>
    /// Completes the handlers of one of the two HTTP clients, after the configuration of the application.
    /// </summary>
    public void Complete(HttpMessageHandlerBuilder builder)
    {
        RemoveResilienceHandlers(builder.AdditionalHandlers);
        var primary = _settings.Value.PrimaryHandlerFactory is { } create ? create() : builder.PrimaryHandler;
        builder.PrimaryHandler = builder.Name == registration.ApiName
            ? new LicenseKeyHandler(PrimaryHandler.Prepare(primary, followsRedirects: false))
            : PrimaryHandler.Prepare(primary, followsRedirects: true);
    }

    private LalalAiClient GetOrCreate(string licenseKey)
    {
        if (_clients.TryGetValue(licenseKey, out var existing) && !existing.Value.IsDisposed)
        {
            return existing.Value;
        }

        var settings = _settings.Value.Freeze(licenseKey);
        var created = new Lazy<LalalAiClient>(() => Create(settings));
        return _clients.AddOrUpdate(licenseKey, created, (_, other) => other.Value.IsDisposed ? created : other).Value;
    }

    private LalalAiClient Create(LalalAiClientOptions settings)
    {
        var factory = services.GetRequiredService<IHttpClientFactory>();
        return new LalalAiClient(
            settings,
            new HttpClients(
                settings, () => factory.CreateClient(registration.ApiName), () => factory.CreateClient(registration.DownloadsName)));
    }

    /// <summary>
    /// Removes the handlers that <c>ConfigureHttpClientDefaults</c> adds to the clients of every Aspire solution. They would silently
    /// retry starts, which cost minutes, and abort uploads after 10 seconds. They are recognized by the name of their assembly, so that
    /// this library does not have to reference it.
    /// </summary>
    private void RemoveResilienceHandlers(IList<DelegatingHandler> handlers)
    {
        foreach (var handler in handlers.Where(handler => IsResilienceHandler(handler.GetType())).ToList())
        {
            handlers.Remove(handler);
            if (Interlocked.Exchange(ref _isRemovalLogged, 1) == 0)
            {
                var logger = _settings.Value.LoggerFactory?.CreateLogger(Log.Category) ?? NullLogger.Instance;
                Log.ResilienceHandlerRemoved(logger, handler.GetType());
            }
        }
    }

    private static bool IsResilienceHandler(Type? type) => type is not null
        && (type.Assembly.GetName().Name is "Microsoft.Extensions.Http.Resilience" or "Microsoft.Extensions.Http.Polly"
            || IsResilienceHandler(type.BaseType));
}

/// <summary>The names of one registration: of its settings, and of its HTTP clients.</summary>
internal sealed record LalalAiRegistration(string OptionsName, string ApiName)
{
    public string DownloadsName { get; } = ApiName + ".Downloads";
}

using Microsoft.Extensions.DependencyInjection;

namespace LalalAi.FaultTests;

/// <summary>A client whose two ways to a service, to the API and to the links, lead through proxies.</summary>
internal sealed class FaultyClient : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly FaultyProxy _api;
    private readonly FaultyProxy _links;

    /// <param name="service">The service.</param>
    /// <param name="api">What goes wrong on the way to the API.</param>
    /// <param name="links">What goes wrong on the way to the links.</param>
    /// <param name="connectionLifetime">How long a connection may be used again. By default one request has a connection of its own, so
    /// that a connection's number is that of its request.</param>
    /// <param name="configure">Sets what is other than by default.</param>
    /// <param name="extend">Adds handlers.</param>
    public FaultyClient(
        TestService service,
        WirePlan api,
        WirePlan links,
        TimeSpan connectionLifetime = default,
        Action<LalalAiClientOptions>? configure = null,
        Action<ILalalAiClientBuilder>? extend = null)
    {
        _api = new FaultyProxy("api", service.Sandbox.BaseAddress, api, Log);
        _links = new FaultyProxy("links", service.Links, links, Log);
        var services = new ServiceCollection();
        var builder = services.AddLalalAi(options =>
        {
            options.BaseAddress = service.Sandbox.BaseAddress;
            options.LicenseKey = TestService.LicenseKey;
            // By the system's clock, without limits that a slow machine could reach.
            options.RequestTimeout = options.InactivityTimeout = options.UploadResponseTimeout = TimeSpan.FromMinutes(30);
            options.RetryDelay = TimeSpan.FromMilliseconds(10);
            options.PollingInterval = TimeSpan.FromMilliseconds(20);
            options.CheckRateLimiter = UnlimitedChecks.Limiter;
            configure?.Invoke(options);
        });
        builder.Api.ConfigurePrimaryHttpMessageHandler(() => _api.CreateHandler(connectionLifetime));
        builder.Downloads.ConfigurePrimaryHttpMessageHandler(() => _links.CreateHandler(connectionLifetime));
        extend?.Invoke(builder);
        _services = services.BuildServiceProvider(validateScopes: true);
        Client = _services.GetRequiredService<ILalalAiClient>();
    }

    public ILalalAiClient Client { get; }

    public FaultLog Log { get; } = new();

    /// <summary>Lets connections that are made from now on pass undisturbed.</summary>
    public void Calm() => _api.IsQuiet = _links.IsQuiet = true;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _api.DisposeAsync();
        await _links.DisposeAsync();
    }
}

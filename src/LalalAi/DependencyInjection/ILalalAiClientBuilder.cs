namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures what goes between a registered LALAL.AI client and the network.</summary>
public interface ILalalAiClientBuilder
{
    /// <summary>The services.</summary>
    IServiceCollection Services { get; }

    /// <summary>
    /// The name of the client's <see cref="LalalAi.LalalAiClientOptions"/>: its service key, or an empty string for the one without a key.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// The way to the API. Handlers that are added here see each attempt, without the license key, which is added behind them. Resilience
    /// handlers are removed: the client retries by itself, and knows which uploads and starts can be retried.
    /// </summary>
    IHttpClientBuilder Api { get; }

    /// <summary>The way to the download links. It never carries the license key.</summary>
    IHttpClientBuilder Downloads { get; }
}

/// <summary>Extensions of <see cref="ILalalAiClientBuilder"/>.</summary>
public static class LalalAiClientBuilderExtensions
{
    /// <summary>
    /// Configures both ways to the network alike, for example the lifetime of their handlers: <c>builder.ConfigureHttpClients(http =>
    /// http.SetHandlerLifetime(TimeSpan.FromMinutes(5)))</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Configures one way. It is called twice.</param>
    public static ILalalAiClientBuilder ConfigureHttpClients(this ILalalAiClientBuilder builder, Action<IHttpClientBuilder> configure)
    {
        configure(builder.Api);
        configure(builder.Downloads);
        return builder;
    }

    /// <summary>Adds a handler to both ways to the network. It is resolved from the services.</summary>
    /// <typeparam name="THandler">The type of the handler, which is registered as transient.</typeparam>
    /// <param name="builder">The builder.</param>
    public static ILalalAiClientBuilder AddHttpMessageHandler<THandler>(this ILalalAiClientBuilder builder)
        where THandler : DelegatingHandler =>
        builder.ConfigureHttpClients(http => http.AddHttpMessageHandler<THandler>());
}

internal sealed class LalalAiClientBuilder(IServiceCollection services, string name, IHttpClientBuilder api, IHttpClientBuilder downloads)
    : ILalalAiClientBuilder
{
    public IServiceCollection Services { get; } = services;

    public string Name { get; } = name;

    public IHttpClientBuilder Api { get; } = api;

    public IHttpClientBuilder Downloads { get; } = downloads;
}

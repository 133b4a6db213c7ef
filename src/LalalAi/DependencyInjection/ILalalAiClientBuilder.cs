namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures the HTTP clients of a registered LALAL.AI client.</summary>
public interface ILalalAiClientBuilder
{
    /// <summary>The services.</summary>
    IServiceCollection Services { get; }

    /// <summary>
    /// The name of the client's <see cref="LalalAi.LalalAiClientOptions"/>: its service key, or an empty string for the one without a key.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// The HTTP client for the API. Handlers that you add here see each attempt, but not the license key, which a later handler adds.
    /// Resilience handlers are removed, because the client has its own retries and knows which uploads and starts are safe to retry.
    /// </summary>
    IHttpClientBuilder Api { get; }

    /// <summary>The HTTP client for download links. It never sends the license key.</summary>
    IHttpClientBuilder Downloads { get; }
}

/// <summary>Extensions of <see cref="ILalalAiClientBuilder"/>.</summary>
public static class LalalAiClientBuilderExtensions
{
    /// <summary>
    /// Configures both HTTP clients in the same way, for example the lifetime of their handlers: <c>builder.ConfigureHttpClients(http =>
    /// http.SetHandlerLifetime(TimeSpan.FromMinutes(5)))</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Configures an HTTP client. It is called once for each.</param>
    public static ILalalAiClientBuilder ConfigureHttpClients(this ILalalAiClientBuilder builder, Action<IHttpClientBuilder> configure)
    {
        configure(builder.Api);
        configure(builder.Downloads);
        return builder;
    }

    /// <summary>Adds a handler to both HTTP clients. It is resolved from the service provider.</summary>
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

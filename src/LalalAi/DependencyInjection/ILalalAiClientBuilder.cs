namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds to a registered LALAL.AI client what goes between it and the network.</summary>
public interface ILalalAiClientBuilder
{
    /// <summary>The services.</summary>
    IServiceCollection Services { get; }

    /// <summary>
    /// The way to the API. Handlers added here see each attempt, without the license key, which is put on behind them. Add none that limit the time of a
    /// request or repeat it: the client does both, and knows which uploads and starts can be repeated.
    /// </summary>
    IHttpClientBuilder Api { get; }

    /// <summary>The way to the download links. It never carries the license key.</summary>
    IHttpClientBuilder Downloads { get; }
}

internal sealed class LalalAiClientBuilder(IServiceCollection services, IHttpClientBuilder api, IHttpClientBuilder downloads) : ILalalAiClientBuilder
{
    public IServiceCollection Services { get; } = services;

    public IHttpClientBuilder Api { get; } = api;

    public IHttpClientBuilder Downloads { get; } = downloads;
}

namespace LalalAi.Http;

/// <summary>The two ways to the network: one to the API, which carries the license key, and one to download links, which never does.</summary>
internal sealed class HttpClients : IDisposable
{
    private readonly Func<HttpClient> _api;
    private readonly Func<HttpClient> _downloads;
    private readonly IDisposable[] _owned;

    /// <summary>Takes clients from elsewhere, anew for each call, and leaves their disposal to whoever made them.</summary>
    public HttpClients(Func<HttpClient> api, Func<HttpClient> downloads)
    {
        _api = api;
        _downloads = downloads;
        _owned = [];
    }

    private HttpClients(HttpClient api, HttpClient downloads)
    {
        _api = () => api;
        _downloads = () => downloads;
        _owned = [api, downloads];
    }

    public HttpClient Api => _api();

    public HttpClient Downloads => _downloads();

    /// <summary>Makes clients of their own, for a client that was not made by a factory.</summary>
    public static HttpClients Create(LalalAiClientOptions options)
    {
        var api = new HttpClient(new LicenseKeyHandler(options.BaseAddress, options.LicenseKey, CreateHandler()));
        Configure(api, options);
        var downloads = new HttpClient(CreateHandler());
        Configure(downloads, options);
        downloads.BaseAddress = null;
        return new HttpClients(api, downloads);
    }

    public static void Configure(HttpClient client, LalalAiClientOptions options)
    {
        client.BaseAddress = options.BaseAddress;
        // Requests have time-outs of their own, by the clock of the options; transfers have none as a whole.
        client.Timeout = Timeout.InfiniteTimeSpan;
    }

    public void Dispose()
    {
        foreach (var client in _owned)
        {
            client.Dispose();
        }
    }

#if NET
    // A client lives as long as its application; connections must not outlive a change of address.
    private static SocketsHttpHandler CreateHandler() =>
        new() { PooledConnectionLifetime = TimeSpan.FromMinutes(15), ConnectTimeout = TimeSpan.FromSeconds(30) };
#else
    private static HttpClientHandler CreateHandler() => new();
#endif
}

using System.Net.Http.Headers;
using System.Reflection;
using LalalAi.Generated;

namespace LalalAi.Http;

/// <summary>
/// The two HTTP clients: one for the API, which sends the license key, and one for download links, which never does.
/// </summary>
internal sealed class HttpClients : IDisposable
{
    private static readonly ProductInfoHeaderValue Library = new(
        "LalalAi.Sdk",
        typeof(HttpClients).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);

    private readonly LalalAiClientOptions _options;
    private readonly Func<HttpClient> _api;
    private readonly Func<HttpClient> _downloads;
    private readonly IDisposable[] _owned;

    /// <summary>Gets clients from a factory for each call. The factory disposes them.</summary>
    public HttpClients(LalalAiClientOptions options, Func<HttpClient> api, Func<HttpClient> downloads)
    {
        _options = options;
        _api = () => Configure(api(), options.BaseAddress, options);
        _downloads = () => Configure(downloads(), null, options);
        _owned = [];
    }

    /// <summary>Creates its own HTTP clients, for a client without a factory.</summary>
    public HttpClients(LalalAiClientOptions options)
    {
        var createHandler = options.PrimaryHandlerFactory ?? PrimaryHandler.CreateDefault;
        var apiHandler = new LicenseKeyHandler(PrimaryHandler.Prepare(createHandler(), followsRedirects: false));
        var downloadsHandler = PrimaryHandler.Prepare(createHandler(), followsRedirects: true);
        var api = Configure(new HttpClient(apiHandler), options.BaseAddress, options);
        var downloads = Configure(new HttpClient(downloadsHandler), null, options);
        _options = options;
        _api = () => api;
        _downloads = () => downloads;
        _owned = [api, downloads];
    }

    /// <summary>Whether the client that they belong to was disposed.</summary>
    public bool IsDisposed { get; private set; }

    public HttpClient Downloads => _downloads();

    /// <summary>Returns the raw client for one attempt.</summary>
    public ILalalAiApiClient CreateApi(
        string licenseKey, Func<CheckRequest, CancellationToken, Task<CheckResponse>>? check, CancellationToken cancellationToken) =>
        new SharedCheckApiClient(_api(), check)
        {
            CompleteRequest = request => LicenseKeyHandler.SetKey(request, _options.BaseAddress, licenseKey),
            ReadCancellation = cancellationToken,
        };

    public void Dispose()
    {
        IsDisposed = true;
        foreach (var client in _owned)
        {
            client.Dispose();
        }
    }

    private static HttpClient Configure(HttpClient client, Uri? baseAddress, LalalAiClientOptions options)
    {
        client.BaseAddress = baseAddress;
        // Requests have their own timeouts on the clock of the options. Transfers have no overall timeout.
        client.Timeout = Timeout.InfiniteTimeSpan;
        if (options.ApplicationId is { } application)
        {
            client.DefaultRequestHeaders.UserAgent.ParseAdd(application);
        }

        client.DefaultRequestHeaders.UserAgent.Add(Library);
        return client;
    }

    /// <summary>The raw client. The shared polling loop can handle its checks.</summary>
    private sealed class SharedCheckApiClient(HttpClient client, Func<CheckRequest, CancellationToken, Task<CheckResponse>>? check)
        : LalalAiApiClient(client)
    {
        public override Task<CheckResponse> CheckAsync(CheckRequest body, CancellationToken cancellationToken = default) =>
            check is null ? base.CheckAsync(body, cancellationToken) : check(body, cancellationToken);
    }
}

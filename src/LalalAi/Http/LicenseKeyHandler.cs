using LalalAi.Telemetry;

namespace LalalAi.Http;

/// <summary>
/// Adds the license key to requests that carry one in their options, and only for the API's own origin. It is the last handler before the
/// primary one, so neither the application's handlers nor the logs of <c>IHttpClientFactory</c> see the key. It has no settings, because
/// factories replace handlers while clients live on.
/// </summary>
internal sealed class LicenseKeyHandler(HttpMessageHandler innerHandler) : DelegatingHandler(innerHandler)
{
    public const string HeaderName = "X-License-Key";

    private const string PropertyName = "LalalAi.LicenseKey";

    private readonly LoopbackBypass? _proxy = PrimaryHandler.ProxyOf(innerHandler);

    /// <summary>Sets the license key of a request, and the origin that may receive it.</summary>
    public static void SetKey(HttpRequestMessage request, Uri origin, string licenseKey)
    {
        var credential = new Credential(origin, licenseKey);
#if NET
        request.Options.Set(new HttpRequestOptionsKey<Credential>(PropertyName), credential);
#else
        request.Properties[PropertyName] = credential;
#endif
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(HeaderName);
        if (KeyFor(request) is { } key)
        {
            request.Headers.Add(HeaderName, key);
        }

        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            LalalAiTelemetry.RecordResponse(response);
            return response;
        }
        finally
        {
            // Exceptions and diagnostics can keep the request after the call, but must not keep the key.
            request.Headers.Remove(HeaderName);
        }
    }

    private string? KeyFor(HttpRequestMessage request)
    {
#if NET
        request.Options.TryGetValue(new HttpRequestOptionsKey<Credential>(PropertyName), out var credential);
#else
        var credential = request.Properties.TryGetValue(PropertyName, out var property) ? property as Credential : null;
#endif
        if (credential is null || request.RequestUri is not { } uri || !credential.IsFor(uri))
        {
            return null;
        }

        return uri.Scheme == "http" && _proxy?.FindProxy(uri) is { } proxy
            ? throw new LalalAiConnectionException(
                $"{uri.GetLeftPart(UriPartial.Authority)} is plain http and would be reached through the proxy {proxy.Authority}, "
                + $"which would see the license key. Use https, or add {uri.Host} to the environment variable NO_PROXY.")
            { IsPermanent = true }
            : credential.Key;
    }

    // Not a record, because its text would contain the key.
    private sealed class Credential(Uri origin, string key)
    {
        public string Key { get; } = key;

        public bool IsFor(Uri uri) =>
            Uri.Compare(uri, origin, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
    }
}

using LalalAi.Telemetry;

namespace LalalAi.Http;

/// <summary>
/// Puts the license key on requests to the API's own origin and on no others. It is the last handler before the network, so that neither handlers of the user's nor the
/// factory's logging see the key.
/// </summary>
internal sealed class LicenseKeyHandler : DelegatingHandler
{
    public const string HeaderName = "X-License-Key";

    private readonly Uri _origin;
    private readonly string _licenseKey;

    public LicenseKeyHandler(Uri origin, string licenseKey, HttpMessageHandler innerHandler)
        : base(innerHandler)
    {
        _origin = origin;
        _licenseKey = licenseKey;
        DisableRedirects(innerHandler);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(HeaderName);
        if (request.RequestUri is { } uri && Uri.Compare(uri, _origin, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            request.Headers.Add(HeaderName, _licenseKey);
        }

        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            LalalAiTelemetry.RecordAnswer(response);
            return response;
        }
        finally
        {
            // The request outlives the call in exceptions and diagnostics; the key must not.
            request.Headers.Remove(HeaderName);
        }
    }

    /// <summary>
    /// .NET forwards custom headers when it follows a redirect to another origin; the API has no redirects to follow. The setting is found by its name, because the build for
    /// .NET Standard does not know the handlers that it meets: SocketsHttpHandler, which is what the factory makes, and WinHttpHandler.
    /// </summary>
    private static void DisableRedirects(HttpMessageHandler handler)
    {
        while (handler is DelegatingHandler { InnerHandler: { } inner })
        {
            handler = inner;
        }

        var setting = handler.GetType().GetProperty("AllowAutoRedirect") ?? handler.GetType().GetProperty("AutomaticRedirection");
        setting?.SetValue(handler, false);
    }
}

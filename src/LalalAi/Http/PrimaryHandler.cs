using System.Net;
using System.Reflection;

namespace LalalAi.Http;

/// <summary>
/// The handlers that connect to the network. With any handler of the application, loopback is never proxied, and requests with the
/// license key are never redirected: .NET would send the header with the key to the new address.
/// </summary>
/// <remarks>
/// <see cref="HttpClientHandler"/> and <c>SocketsHttpHandler</c> cannot be changed after their first use, and the application may share
/// them with other clients. Their settings are therefore copied. Settings are accessed by name, because the .NET Standard build does not
/// reference every handler. buildTransitive keeps them from being trimmed.
/// </remarks>
internal static class PrimaryHandler
{
    private const string AllowAutoRedirect = nameof(HttpClientHandler.AllowAutoRedirect);

    /// <summary>Creates the handler of a client without a factory and without a handler of the application.</summary>
    public static HttpMessageHandler CreateDefault() =>
#if NET
        // A client lives as long as its application, and must notice changes of DNS.
        new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(15), ConnectTimeout = TimeSpan.FromSeconds(30) };
#else
        new HttpClientHandler();
#endif

    /// <summary>Returns the handler to use instead of the application's handler.</summary>
    /// <param name="handler">The application's handler, which may be a chain. It is neither changed nor disposed if its end can be
    /// copied.</param>
    /// <param name="followsRedirects">Whether redirects may be followed, because no key is sent.</param>
    /// <exception cref="InvalidOperationException">The handler follows redirects, and is in use, so this cannot be changed.</exception>
    public static HttpMessageHandler Prepare(HttpMessageHandler handler, bool followsRedirects) =>
#if NET
        Secure(handler, followsRedirects);
#else
        new ConnectionLimitHandler(Secure(handler, followsRedirects));
#endif

    /// <summary>Returns the proxy that a prepared handler uses, or <see langword="null"/> if it uses none or is not known.</summary>
    public static LoopbackBypass? ProxyOf(HttpMessageHandler handler) => handler is DelegatingHandler { InnerHandler: { } inner }
        ? ProxyOf(inner)
        : Get(handler, nameof(HttpClientHandler.UseProxy)) is true ? Get(handler, nameof(HttpClientHandler.Proxy)) as LoopbackBypass : null;

    private static HttpMessageHandler Secure(HttpMessageHandler handler, bool followsRedirects)
    {
        if (handler is DelegatingHandler { InnerHandler: { } inner } outer)
        {
            var secured = Secure(inner, followsRedirects);
            if (secured != inner)
            {
                Change(outer, nameof(DelegatingHandler.InnerHandler), () => outer.InnerHandler = secured);
            }

            return outer;
        }

        var copy = Copy(handler);
        if (!followsRedirects)
        {
            Set(copy, AllowAutoRedirect, true, false);
            // WinHttpHandler has a policy instead of a flag.
            Set(copy, "AutomaticRedirection", true, false);
        }

        if (Get(copy, nameof(HttpClientHandler.UseProxy)) is true
            && Get(copy, nameof(HttpClientHandler.Proxy)) is var proxy and not LoopbackBypass)
        {
            Set(copy, nameof(HttpClientHandler.Proxy), proxy, new LoopbackBypass((IWebProxy?)proxy));
        }

        return copy;
    }

    private static HttpMessageHandler Copy(HttpMessageHandler handler)
    {
        var type = handler.GetType();
        if (type.FullName is not ("System.Net.Http.SocketsHttpHandler" or "System.Net.Http.HttpClientHandler"))
        {
            return handler;
        }

        var copy = (HttpMessageHandler)Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(property => property is { CanRead: true, CanWrite: true }))
        {
            // On .NET Framework, the cookie container must not be set if cookies are not used.
            var isUsed = property.Name != nameof(HttpClientHandler.CookieContainer)
                || Get(handler, nameof(HttpClientHandler.UseCookies)) is true;
            if (isUsed && Get(handler, property.Name) is var value && !Equals(value, Get(copy, property.Name)))
            {
                property.SetValue(copy, value);
            }
        }

        if (handler is HttpClientHandler { ClientCertificateOptions: ClientCertificateOption.Manual } original)
        {
            ((HttpClientHandler)copy).ClientCertificates.AddRange(original.ClientCertificates);
        }

        return copy;
    }

    /// <summary>Returns a setting, or <see langword="null"/> if the handler or its platform does not have it.</summary>
    private static object? Get(HttpMessageHandler handler, string name)
    {
        try
        {
            return handler.GetType().GetProperty(name) is { CanRead: true } property ? property.GetValue(handler) : null;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is PlatformNotSupportedException)
        {
            return null;
        }
    }

    private static void Set(HttpMessageHandler handler, string name, object? from, object to)
    {
        if (handler.GetType().GetProperty(name) is { CanWrite: true } property && Equals(Get(handler, name), from))
        {
            Change(handler, name, () => property.SetValue(handler, to));
        }
    }

    private static void Change(HttpMessageHandler handler, string name, Action change)
    {
        try
        {
            change();
        }
        catch (Exception exception) when (exception is TargetInvocationException or InvalidOperationException)
        {
            throw new InvalidOperationException(
                $"{handler.GetType()} has already sent requests, so its {name} can no longer be changed. "
                    + "Let the function that configures the primary handler return a new one each time, or a SocketsHttpHandler, which "
                    + "is copied. The client needs redirects switched off for the API, and no proxy for loopback addresses.",
                exception);
        }
    }

#if !NET
    /// <summary>
    /// Allows more than two connections to a host, the default of .NET Framework. Two uploads would otherwise block checks and starts
    /// until they time out.
    /// </summary>
    private sealed class ConnectionLimitHandler(HttpMessageHandler innerHandler) : DelegatingHandler(innerHandler)
    {
        private const int Limit = 100;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri is { } uri && ServicePointManager.FindServicePoint(uri) is { ConnectionLimit: < Limit } servicePoint)
            {
                servicePoint.ConnectionLimit = Limit;
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
#endif
}

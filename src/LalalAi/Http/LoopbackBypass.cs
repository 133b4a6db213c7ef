using System.Net;
#if !NET
using System.Reflection;
#endif

namespace LalalAi.Http;

/// <summary>
/// Wraps the configured proxy, or the system's proxy by default, and bypasses it for loopback addresses. Local requests must not leave the
/// machine.
/// </summary>
internal sealed class LoopbackBypass(IWebProxy? proxy) : IWebProxy
{
#if !NET
    // HttpClient.DefaultProxy does not exist in .NET Framework and .NET Standard.
    private static readonly PropertyInfo? DefaultProxy = typeof(HttpClient).GetProperty("DefaultProxy");

#endif
    public ICredentials? Credentials
    {
        get => Proxy?.Credentials;
        set => throw new NotSupportedException("Set the credentials of the proxy itself.");
    }

#if NET
    private IWebProxy? Proxy => proxy ?? HttpClient.DefaultProxy;
#else
    private IWebProxy? Proxy => proxy ?? (IWebProxy?)DefaultProxy?.GetValue(null) ?? WebRequest.DefaultWebProxy;
#endif

    public Uri? GetProxy(Uri destination) => FindProxy(destination);

    public bool IsBypassed(Uri host) => FindProxy(host) is null;

    /// <summary>Returns the proxy for an address, or <see langword="null"/> if it is reached directly.</summary>
    public Uri? FindProxy(Uri destination) =>
        !destination.IsLoopback
        && Proxy is { } used
        && !used.IsBypassed(destination)
        && used.GetProxy(destination) is { } address
        && address != destination
            ? address
            : null;
}

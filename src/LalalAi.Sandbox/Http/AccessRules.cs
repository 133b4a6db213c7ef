using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LalalAi.Sandbox.Http;

/// <summary>
/// Decides which requests are accepted. Web pages can send requests to a loopback port, also through a host name that resolves to 127.0.0.1
/// (DNS rebinding). The host and the origin of every request must therefore be known. Control calls must come from this machine or carry
/// a token.
/// </summary>
internal sealed class AccessRules
{
    /// <summary>The path of control calls and of the sandbox's page.</summary>
    public const string ControlPath = "/_sandbox";

    public const string ControlTokenHeader = "X-Sandbox-Token";

    private const string Localhost = "localhost";

    private readonly HashSet<string> _hosts;
    private readonly byte[] _controlToken;

    public AccessRules(SandboxOptions options)
    {
        ControlToken = options.ControlToken ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _controlToken = Encoding.UTF8.GetBytes(ControlToken);
        _hosts = options.AllowedHosts.Select(Normalize).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!options.ListenAddress.Equals(IPAddress.Any) && !options.ListenAddress.Equals(IPAddress.IPv6Any))
        {
            _hosts.Add($"{options.ListenAddress}");
        }
    }

    public string ControlToken { get; }

    private static ApiResponse ForeignOrigin { get; } = ErrorResponses.Detail(
        StatusCodes.Status403Forbidden,
        "The sandbox does not answer requests from web pages of other origins.");

    /// <summary>The response to a request with an unknown host or a foreign origin; null for all others.</summary>
    public ApiResponse? Refuse(HttpRequest request)
    {
        if (!IsAllowed(request.Host.Host))
        {
            return ErrorResponses.Detail(
                StatusCodes.Status421MisdirectedRequest,
                $"The sandbox does not answer requests to the host '{request.Host.Host}'. "
                    + "Use localhost, or add the host to AllowedHosts ('lalalai sandbox --host').");
        }

        return IsForeign(request, origin => IsAllowed(origin.Host)) ? ForeignOrigin : null;
    }

    /// <summary>
    /// The response to a control call from a page of another origin, or from another machine without the token; null for all others.
    /// </summary>
    /// <param name="request">The call.</param>
    /// <param name="isPublic">Whether the call needs no token.</param>
    public ApiResponse? RefuseControl(HttpRequest request, bool isPublic)
    {
        var own = new Uri($"{request.Scheme}://{request.Host}").GetLeftPart(UriPartial.Authority);
        return IsForeign(request, origin => origin.GetLeftPart(UriPartial.Authority) == own) ? ForeignOrigin
            : isPublic || IsTrusted(request) ? null
            : ErrorResponses.Detail(
                StatusCodes.Status403Forbidden,
                $"Control calls from other machines need the sandbox's token in the header {ControlTokenHeader}. "
                    + "The sandbox prints the token when it starts.");
    }

    /// <summary>Whether a request comes from this machine or carries the token.</summary>
    public bool IsTrusted(HttpRequest request) =>
        (request.HttpContext.Connection.RemoteIpAddress is { } address
            && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address))
        || IsToken(request.Headers[ControlTokenHeader])
        || IsToken(request.Cookies[ControlTokenCookie(request)]);

    /// <summary>
    /// The cookie that carries the token for the sandbox's page: browsers cannot add a header to every request. All ports of a host share
    /// its cookies, so the name is different for each sandbox.
    /// </summary>
    public static string ControlTokenCookie(HttpRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"sandbox-token-{request.Host.Port ?? 80}");

    private bool IsToken(string? text) =>
        text is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), _controlToken);

    // Browsers send the origin of the page, or "null" if it is opaque. Other clients send no such header.
    private static bool IsForeign(HttpRequest request, Func<Uri, bool> isKnown) =>
        !StringValues.IsNullOrEmpty(request.Headers.Origin)
        && !(Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin) && isKnown(origin));

    private bool IsAllowed(string host)
    {
        var name = Normalize(host);
        return name.Equals(Localhost, StringComparison.OrdinalIgnoreCase)
            || name.EndsWith($".{Localhost}", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address))
            || _hosts.Contains(name);
    }

    private static string Normalize(string host) => host.TrimEnd('.').Trim('[', ']');
}

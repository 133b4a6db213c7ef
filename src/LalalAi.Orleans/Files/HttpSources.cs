using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace LalalAi.Cluster.Files;

/// <summary>
/// Recordings from allowed hosts. Host and address are checked when a connection is made, after the name was resolved and after each
/// redirect: what is checked is what is connected to.
/// </summary>
internal sealed class HttpSources : IDisposable
{
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
            "::/127", "64:ff9b::/96", "fc00::/7", "fe80::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private readonly ISet<string> _allowed;
    private readonly HttpClient _client;

    public HttpSources(IOptions<JobFilesOptions> options)
    {
        _allowed = options.Value.AllowedHosts;
        // A proxy would resolve the names itself.
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            MaxAutomaticRedirections = 5,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(100) };
    }

    public async Task<Stream> OpenAsync(Uri url, CancellationToken cancellationToken)
    {
        ThrowUnlessAllowed(url.Host);
        var response = await _client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        try
        {
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        ThrowUnlessAllowed(host);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        var reachable = addresses.Where(address => !IsPrivate(address) || _allowed.Contains(address.ToString())).ToArray();
        if (reachable.Length == 0)
        {
            throw new JobSourceRefusedException(
                $"'{host}' has an address in a private network. To allow it, add the address to {nameof(JobFilesOptions.AllowedHosts)}.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(reachable, port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void ThrowUnlessAllowed(string host)
    {
        if (!_allowed.Contains(host.Trim('[', ']')))
        {
            throw new JobSourceRefusedException(
                $"The host '{host}' is not allowed. Add it to {nameof(JobFilesOptions)}.{nameof(JobFilesOptions.AllowedHosts)}.");
        }
    }

    private static bool IsPrivate(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Private.Any(network => network.Contains(plain));
    }
}

/// <summary>A source is not allowed. Another attempt does not change that.</summary>
internal sealed class JobSourceRefusedException(string message) : Exception(message);

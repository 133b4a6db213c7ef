using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LalalAi.Sandbox.Http;

/// <summary>A Kestrel server on one port. It reads no configuration and no environment variables, and does not handle signals.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromMilliseconds(200);

    private readonly WebApplication _application;

    private HttpServer(WebApplication application, Uri baseAddress)
    {
        _application = application;
        BaseAddress = baseAddress;
    }

    public Uri BaseAddress { get; }

    public static async Task<HttpServer> StartAsync(IPEndPoint endPoint, RequestDelegate handle, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(endPoint);
            kestrel.AddServerHeader = false;

            // Uploads can be large and slow. The sandbox has its own limit.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;

            // Header values are not validated, so that the sandbox can handle malformed ones.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        });

        // A minimal buffer, so that written bytes are sent before the write returns. A fault can then cut the connection at an exact
        // byte.
        builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = 2);
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);

        var application = builder.Build();
        try
        {
            application.Run(handle);
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
            return new HttpServer(application, Reachable(endPoint.Address, new Uri(addresses.Addresses.Single())));
        }
        catch (Exception exception)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            if (exception is IOException { InnerException: AddressInUseException })
            {
                throw new IOException(
                    $"Port {endPoint.Port} is in use by another program. Stop that program, or choose another port; 0 takes any free one.",
                    exception);
            }

            if (exception is SocketException { SocketErrorCode: SocketError.AddressNotAvailable })
            {
                throw new IOException(
                    $"The address {endPoint.Address} does not belong to this machine. Choose one that does; {IPAddress.Any} takes all.",
                    exception);
            }

            if (exception is SocketException)
            {
                throw new IOException($"Port {endPoint.Port} of {endPoint.Address} cannot be opened: {exception.Message}", exception);
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    // 0.0.0.0 and [::] are not addresses that a client can connect to.
    private static Uri Reachable(IPAddress listening, Uri address) =>
        listening.Equals(IPAddress.Any) ? new UriBuilder(address) { Host = $"{IPAddress.Loopback}" }.Uri
        : listening.Equals(IPAddress.IPv6Any) ? new UriBuilder(address) { Host = $"[{IPAddress.IPv6Loopback}]" }.Uri
        : address;

    /// <summary>Signals belong to the process that started the sandbox.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

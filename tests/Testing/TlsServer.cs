using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LalalAi.Testing;

/// <summary>
/// A server with a certificate that no authority has issued. Clients that do not trust it close the connection.
/// </summary>
public sealed class TlsServer : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly LoopbackListener _listener;
    private readonly ScriptedResponse _response;
    private int _connections;

    /// <param name="host">The host that the certificate is for. The address of the server always has <c>localhost</c>.</param>
    /// <param name="response">The response to every request.</param>
    public TlsServer(string host, ScriptedResponse? response = null)
    {
        _certificate = CreateCertificate(host);
        _response = response ?? new ScriptedResponse();
        _listener = new LoopbackListener(ServeAsync);
        Address = new Uri($"https://localhost:{_listener.Address.Port}/");
    }

    public Uri Address { get; }

    /// <summary>The certificate, for clients that trust it.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task ServeAsync(TcpClient connection, CancellationToken stop)
    {
        Interlocked.Increment(ref _connections);
        using var stream = new SslStream(connection.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, stop);
            await stream.ReadExactlyAsync(new byte[1], stop);
            await stream.WriteAsync(_response.Head(), stop);
            await stream.WriteAsync(_response.Content, stop);
            await stream.ShutdownAsync();
            await stream.CopyToAsync(Stream.Null, stop);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or OperationCanceledException)
        {
            // The client does not trust the certificate, or the test has ended.
        }
    }

    private static X509Certificate2 CreateCertificate(string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
    }
}

using System.Globalization;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Diagnosis;

/// <summary>Diagnoses the connection to the service and the license key. Every request is free.</summary>
internal sealed class ServiceDiagnosis(ConnectionOptions connection, ServiceConnection? sandbox)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LargeDifference = TimeSpan.FromMinutes(2);

    private readonly Uri _service = sandbox?.Client.BaseAddress ?? connection.Context.CreateClientOptions().BaseAddress;
    private X509Certificate2? _certificate;
    private SslPolicyErrors _certificateErrors;

    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var origin = sandbox is not null ? " (a sandbox of this command)"
            : _service == LalalAiClientOptions.DefaultBaseAddress ? string.Empty
            : $" (from {LalalAiClientOptions.BaseAddressVariable})";
        yield return new Finding("Service", FindingStatus.Ok, $"{_service}{origin}");
        var proxy = _service.IsLoopback ? null : HttpClient.DefaultProxy.GetProxy(_service);
        yield return new Finding(
            "Proxy", FindingStatus.Ok, proxy is null ? "none" : proxy.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped));
        var (reached, date) = await ReachAsync(cancellationToken);
        yield return reached;
        if (DescribeCertificate() is { } certificate)
        {
            yield return certificate;
        }

        if (date is { } time)
        {
            yield return DescribeClock(time - TimeProvider.System.GetUtcNow());
        }

        yield return reached.Status == FindingStatus.Ok
            ? await ContractDiagnosis.RunAsync(_service, cancellationToken)
            : new Finding("Contract", FindingStatus.Warning, "not compared, because the service cannot be reached");
        yield return await TryKeyAsync(cancellationToken);
    }

    private async Task<(Finding Finding, DateTimeOffset? Date)> ReachAsync(CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = Timeout, UseProxy = !_service.IsLoopback, AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            (_certificate, _certificateErrors) = (certificate is null ? null : new X509Certificate2(certificate), errors);
            return errors == SslPolicyErrors.None;
        };
        using var client = new HttpClient(handler) { Timeout = Timeout };
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            using var answer = await client.GetAsync(_service, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var took = TimeProvider.System.GetElapsedTime(began);
            var text = string.Create(CultureInfo.InvariantCulture, $"in {took.TotalMilliseconds:0} ms (HTTP {(int)answer.StatusCode})");
            return (new Finding("Reached", FindingStatus.Ok, text), answer.Headers.Date);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested)
        {
            var reason = exception is OperationCanceledException
                ? $"no response in {Timeout.TotalSeconds:0} seconds"
                : exception.GetBaseException().Message.TrimEnd('.');
            const string Advice = "Check the address, the network, the firewall and the proxy (HTTPS_PROXY, NO_PROXY).";
            return (new Finding("Reached", FindingStatus.Failed, $"no: {reason}", Advice), null);
        }
    }

    private Finding? DescribeCertificate()
    {
        if (_certificate is not { } certificate)
        {
            return null;
        }

        var issuer = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
        var text = $"issued by {issuer}, valid until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}";
        return _certificateErrors == SslPolicyErrors.None
            ? new Finding("Certificate", FindingStatus.Ok, text)
            : new Finding(
                "Certificate",
                FindingStatus.Failed,
                $"{text}, not trusted ({_certificateErrors})",
                "If a private authority or a proxy issued it, trust that authority: "
                    + "set SSL_CERT_FILE to a PEM file with its certificate (Linux), or install it in the system's store.");
    }

    private static Finding DescribeClock(TimeSpan difference)
    {
        var seconds = Math.Abs(difference.TotalSeconds);
        // The header has a resolution of one second.
        var text = seconds < 2
            ? "as that of the service"
            : string.Create(
                CultureInfo.InvariantCulture, $"{seconds:0} seconds {(difference > TimeSpan.Zero ? "behind" : "ahead of")} the service");
        return difference.Duration() > LargeDifference
            ? new Finding("Clock", FindingStatus.Warning, text, "Set the clock. Certificates and download links depend on it.")
            : new Finding("Clock", FindingStatus.Ok, text);
    }

    private async Task<Finding> TryKeyAsync(CancellationToken cancellationToken)
    {
        LicenseKey? key;
        try
        {
            key = sandbox is null ? LicenseKey.Find(connection) : new LicenseKey(sandbox.Secret, "the sandbox");
        }
        catch (UsageException exception)
        {
            return new Finding("License key", FindingStatus.Failed, exception.Message);
        }

        if (key is null)
        {
            return new Finding(
                "License key",
                FindingStatus.Failed,
                "none",
                $"Store yours with `lalalai login`, or set {LalalAiClientOptions.LicenseKeyVariable}.");
        }

        var description = $"{key.Masked} from {key.Origin}";
        try
        {
            await using var opened = sandbox is null ? await ServiceConnection.OpenAsync(connection, cancellationToken) : null;
            var minutes = await (sandbox ?? opened!).Client.SendAsync(
                (raw, token) => raw.LimitsMinutesLeftAsync(token),
                new CallOptions { MaxRetries = 0, Timeout = Timeout },
                cancellationToken);
            var left = minutes.MinutesLeft?.ToString("0.##", CultureInfo.InvariantCulture) ?? "unknown";
            return new Finding("License key", FindingStatus.Ok, $"{description}, accepted, {left} minutes left");
        }
        catch (LalalAiAuthenticationException)
        {
            return new Finding(
                "License key",
                FindingStatus.Failed,
                $"{description}, rejected",
                "Compare it with the key on the account page of LALAL.AI.");
        }
        catch (Exception exception) when (exception is LalalAiException or TimeoutException or ArgumentException)
        {
            return new Finding("License key", FindingStatus.Failed, $"{description}, not tried: {exception.Message}");
        }
    }
}

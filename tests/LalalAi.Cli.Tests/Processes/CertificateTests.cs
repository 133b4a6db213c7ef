namespace LalalAi.Cli.Tests.Processes;

/// <summary>A program whose environment names a certificate to trust.</summary>
[Category("Slow")]
[Parallelizable]
public sealed class CertificateTests : SandboxFixture
{
    [TestCase("localhost", 0)]
    [TestCase("other.example", 2)]
    [CancelAfter(TestLimit.Milliseconds)]
    [Platform("Linux", Reason = "Other systems have a store for certificates.")]
    public async Task SSL_CERT_FILE_makes_a_certificate_trusted_for_its_host(string host, int exitCode, CancellationToken cancellationToken)
    {
        await using var server = new TlsServer(host, new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        var certificate = Path.Combine(Root, "certificate.pem");
        await File.WriteAllTextAsync(certificate, server.CertificatePem, cancellationToken);
        Variables[LalalAiClientOptions.BaseAddressVariable] = server.Address.ToString();
        Variables["SSL_CERT_FILE"] = certificate;

        using var run = CliProcess.Start(Variables, "minutes");
        var minutes = await run.EndAsync(cancellationToken);

        Assert.That((run.ExitCode, minutes.Trim()), Is.EqualTo((exitCode, exitCode == 0 ? "7" : string.Empty)), await run.Messages);
    }
}

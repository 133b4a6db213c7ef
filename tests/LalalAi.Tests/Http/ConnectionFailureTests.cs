using System.Buffers.Binary;
using System.Net;
using LalalAi.Tests.Hosts;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace LalalAi.Tests.Http;

/// <summary>Failed connections: the exception contains the cause and what to do, and calls are retried only if a retry can help.</summary>
public sealed class ConnectionFailureTests
{
    [TestCase("localhost", "UntrustedRoot", TestName = "Certificate_of_a_private_authority_is_named_and_not_retried")]
    [TestCase("other.example", "RemoteCertificateNameMismatch", TestName = "Certificate_of_another_host_is_named_and_not_retried")]
    public async Task Certificate_that_is_not_valid_is_named_and_not_retried(string host, string reason)
    {
        await using var server = new TlsServer(host);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception!.Message, Does.Contain(reason).And.Contain("SSL_CERT_FILE").And.Contain(server.Address.Authority).And.Not.Contain("inner exception"));
        Assert.That(server.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task Certificate_of_a_download_link_that_is_not_valid_is_named_and_not_retried()
    {
        await using var server = new TlsServer("localhost");
        await using var client = ApiClients.For(new Uri("https://service.example/"));
        var track = LalalAiModelFactory.TaskTrack() with { Url = new Uri(server.Address, "vocals.wav?signature=secret") };

        var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => client.OpenReadAsync(track));

        Assert.That(exception!.Message, Does.Contain("UntrustedRoot. Check").And.Contain("SSL_CERT_FILE").And.Contain($"'vocals' after 0 of 31752044 bytes: no secure connection to {server.Address.Authority}"));
        Assert.That(exception.ToString(), Does.Not.Contain("signature"));
        Assert.That(server.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task Plain_http_behind_an_https_address_is_named_and_not_retried()
    {
        var connections = 0;
        await using var listener = new LoopbackListener(async (connection, stop) =>
        {
            Interlocked.Increment(ref connections);
            using (connection)
            {
                // All of the client's first record: a socket that is closed with unread data resets the connection.
                var header = new byte[5];
                await connection.GetStream().ReadExactlyAsync(header, stop);
                await connection.GetStream().ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))], stop);
                await connection.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop);
            }
        });
        await using var client = ApiClients.For(new Uri($"https://localhost:{listener.Address.Port}/"));

        var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception!.Message, Does.Contain("Check the scheme").And.Not.Contain("inner exception"));
        Assert.That(connections, Is.EqualTo(1));
    }

    [Test]
    public async Task Refused_connection_is_retried_and_named()
    {
        using var nowhere = new ClosedPort();
        await using var client = ApiClients.For(nowhere.Address);

        var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception!.Message, Does.Contain("refused").And.Contain(nowhere.Address.Authority));
    }

    private static readonly TestCaseData<Exception>[] TransportFailures =
    [
        new TestCaseData<Exception>(new TimeoutRejectedException("The operation didn't complete within the timeout.")).SetArgDisplayNames("Polly's timeout"),
        new TestCaseData<Exception>(new BrokenCircuitException("The circuit is open.")).SetArgDisplayNames("Polly's circuit breaker"),
        new TestCaseData<Exception>(new TaskCanceledException("The handler's own timeout.")).SetArgDisplayNames("a handler's own timeout"),
        new TestCaseData<Exception>(new IOException("The response ended.")).SetArgDisplayNames("IOException"),
        new TestCaseData<Exception>(new ObjectDisposedException("SomeHandler")).SetArgDisplayNames("a handler that was disposed"),
        new TestCaseData<Exception>(new WebException("Trust failure.")).SetArgDisplayNames("WebException"),
    ];

    [TestCaseSource(nameof(TransportFailures))]
    public async Task Transport_failure_of_a_handler_is_a_connection_exception_after_retries(Exception failure)
    {
        var handler = new Failing(failure);
        await using var client = ApiClients.For(new Uri("https://service.example/"), options => options.PrimaryHandlerFactory = () => handler);

        var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => client.GetMinutesLeftAsync());

        Assert.That((exception!.InnerException, handler.Requests), Is.EqualTo((failure, 3)));
    }

    [Test]
    public async Task Transport_failure_is_named_by_its_actual_reason()
    {
        var failure = new HttpRequestException("An error occurred, see inner exception.", new IOException("The pipe is broken."));
        await using var client = ApiClients.For(new Uri("https://service.example/"), options => options.PrimaryHandlerFactory = () => new Failing(failure));

        var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception!.Message, Does.EndWith("The pipe is broken.").And.Not.Contain("inner exception"));
    }

    [Test]
    public async Task Handler_failure_of_another_type_is_passed_on_as_it_is()
    {
        var failure = new InvalidOperationException("A bug in a handler.");
        await using var client = ApiClients.For(new Uri("https://service.example/"), options => options.PrimaryHandlerFactory = () => new Failing(failure));

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception, Is.SameAs(failure));
    }

    [Test]
    public async Task Call_fails_with_ObjectDisposedException_if_the_client_is_disposed_during_it()
    {
        await using var server = ScriptedServer.StartReading(_ => new ScriptedResponse { HoldUntil = ScriptedResponse.Forever });
        var client = ApiClients.For(server.Address, options => options.MaxRetries = 0);
        var call = client.GetMinutesLeftAsync();
        await server.RequestAsync(1);
        await client.DisposeAsync();

        var exception = await Assert.CatchAsync<ObjectDisposedException>(() => call);
        Assert.That(exception!.Message, Does.Contain("client was disposed"));
    }

    private sealed class Failing(Exception failure) : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            return Task.FromException<HttpResponseMessage>(failure);
        }
    }
}

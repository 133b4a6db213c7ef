using System.Security.Cryptography;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Uploads;

/// <summary>Failed uploads are retried from their first byte, or not at all.</summary>
public sealed class RetriedUploadTests
{
    private const int Length = 5_000_000;
    private const int Start = 4321;

    private static readonly string WholeHash = Convert.ToHexString(SHA256.HashData(PatternStream.Bytes(Start, Length - Start)));

    private static readonly TestCaseData[] Faults =
    [
        Fault("a server that is busy", ApiReply.Error(503)),
        Fault("a server that is busy and does not read", ApiReply.Error(503) with { ReadBytes = 0 }),
        Fault("a reset before the first byte", ScriptedResponse.Reset with { ReadBytes = 0 }),
        Fault("a reset in the middle", ScriptedResponse.Reset with { ReadBytes = 300_000 }),
        Fault("a reset after the last byte", ScriptedResponse.Reset),
        Fault("a response that is cut", ApiReply.Uploaded with { CutAfter = 20 }),
        Fault("a page of a gateway", new ScriptedResponse { Body = "<html>busy</html>" }),
    ];

    private static readonly ScriptedResponse[] Refusals =
    [
        ApiReply.Error(400), ApiReply.Error(400, "exceeded_size"), ApiReply.Error(401), ApiReply.Error(403), ApiReply.Error(404), ApiReply.Error(413), ApiReply.Error(422),
    ];

    [TestCaseSource(nameof(Faults))]
    public async Task Retried_upload_sends_every_byte_from_the_initial_position(object fault)
    {
        await using var server = ScriptedServer.Start(request => request.Number == 1 ? (ScriptedResponse)fault : ApiReply.Uploaded);
        await using var client = ApiClients.For(server.Address);
        var reports = new List<TransferProgress>();

        await client.UploadAsync(new PatternStream(Length) { Position = Start }, "song.wav", progress: new Observer<TransferProgress>(reports.Add));

        Assert.Multiple(() =>
        {
            Assert.That(server.Requests, Has.Count.EqualTo(2));
            Assert.That(server.Requests[1].BodyHash, Is.EqualTo(WholeHash));
            Assert.That(server.Requests[1].Headers["Content-Disposition"], Is.EqualTo(server.Requests[0].Headers["Content-Disposition"]));
            Assert.That(reports[^1].BytesTransferred, Is.EqualTo(Length - Start), "Bytes that were sent twice count once.");
        });
    }

    [TestCaseSource(nameof(Faults))]
    public async Task Content_that_is_not_seekable_is_sent_once_and_the_first_error_is_thrown(object fault)
    {
        await using var server = ScriptedServer.Start(request => request.Number == 1 ? (ScriptedResponse)fault : ApiReply.Error(418));
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.CatchAsync<LalalAiException>(() => client.UploadAsync(new PatternStream(Length, canSeek: false), "song.wav"));

        Assert.That(server.Requests, Has.Count.EqualTo(1));
        var reply = (ScriptedResponse)fault;
        Assert.That(exception, reply.IsReset || reply.CutAfter is not null ? Is.TypeOf<LalalAiConnectionException>() : Is.TypeOf<LalalAiApiException>().With.Property("StatusCode").EqualTo(reply.Status));
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Rejected_upload_is_not_retried(object refusal)
    {
        await using var server = ScriptedServer.Start(_ => (ScriptedResponse)refusal);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.CatchAsync<LalalAiApiException>(() => client.UploadAsync(new PatternStream(1000), "song.wav"));

        Assert.That(exception!.StatusCode, Is.EqualTo(((ScriptedResponse)refusal).Status));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Rejection_before_the_content_stops_the_upload()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Error(403) with { ReadBytes = 0, Drains = false });
        await using var client = ApiClients.For(server.Address, options => options.PrimaryHandlerFactory = ApiClients.PatientHandler);
        var reports = new List<TransferProgress>();

        await Assert.ThrowsAsync<LalalAiAuthenticationException>(() => client.UploadAsync(new PatternStream(500_000_000), "song.wav", progress: new Observer<TransferProgress>(reports.Add)));

        Assert.That(server.Requests, Has.Count.EqualTo(1));
        Assert.That(reports, Is.Empty, "No byte was read.");
    }

    [Test]
    public async Task UploadAsync_throws_with_the_callers_token_when_canceled_and_is_not_retried()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded with { Sink = (offset, _) => CancelAt(offset) });
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => client.UploadAsync(new PatternStream(500_000_000), "song.wav", cancellationToken: cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(server.Requests, Has.Count.EqualTo(1));

        void CancelAt(long offset)
        {
            if (offset > 1_000_000)
            {
                cancellation.Cancel();
            }
        }
    }

    private static TestCaseData Fault(string name, ScriptedResponse reply) => new TestCaseData(reply).SetArgDisplayNames(name);
}

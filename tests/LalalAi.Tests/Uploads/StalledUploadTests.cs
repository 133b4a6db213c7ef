using System.Text;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Uploads;

/// <summary>Uploads have no time limit, as long as they make progress.</summary>
public sealed class StalledUploadTests
{
    // By the system's clock, for uploads that stall forever.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    private readonly TestClock _clock = new();

    [Test]
    public async Task Slow_upload_that_makes_progress_does_not_time_out()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded);
        await using var client = Client(server);
        var before = _clock.Elapsed;

        await client.UploadAsync(new SlowStream(_clock, TimeSpan.FromSeconds(50)), "song.wav");

        Assert.That(_clock.Elapsed - before, Is.GreaterThan(TimeSpan.FromMinutes(8)));
        Assert.That(server.Requests.Single().BodyLength, Is.EqualTo(SlowStream.Total));
    }

    [Test]
    public async Task Slow_connection_that_makes_progress_does_not_time_out()
    {
        const int length = 500_000;
        using var connection = new SlowConnection(_clock, bytesPerSecond: 100);
        await using var client = ApiClients.For(new Uri("http://127.0.0.1"), options =>
        {
            options.TimeProvider = _clock;
            options.MaxRetries = 0;
            options.PrimaryHandlerFactory = () => connection;
        });

        await client.UploadAsync(new PatternStream(length), "song.wav");

        Assert.That(_clock.Elapsed, Is.AtLeast(TimeSpan.FromSeconds(length / 100)));
    }

    [Test]
    public async Task UploadAsync_throws_after_the_inactivity_timeout_if_the_service_stops_reading()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded with { ReadBytes = 100_000, HoldUntil = ScriptedResponse.Forever });
        await using var client = ShortClient(server);

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => client.UploadAsync(new PatternStream(1_000_000_000), "song.wav"));

        Assert.That(exception!.Message, Does.Match(@"^Upload: no bytes were sent for 00:00:00\.5000000, after \d+ of 1000000000 bytes\. A longer InactivityTimeout"));
    }

    [Test]
    public async Task UploadAsync_throws_after_the_inactivity_timeout_if_the_content_stalls()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded);
        await using var client = ShortClient(server);

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => client.UploadAsync(new StuckStream(), "song.wav"));

        Assert.That(exception!.Message, Does.StartWith("Upload: no bytes were sent for 00:00:00.5000000, after 0 bytes."));
    }

    [Test]
    public async Task UploadAsync_throws_after_the_response_timeout()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded with { HoldUntil = ScriptedResponse.Forever });
        await using var client = ShortClient(server, options =>
        {
            options.InactivityTimeout = TimeSpan.FromHours(1);
            options.UploadResponseTimeout = Short;
        });

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => client.UploadAsync(new PatternStream(1000), "song.wav"));

        Assert.That(exception!.Message, Is.EqualTo("Upload: the service did not answer within 00:00:00.5000000 after the last byte."));
    }

    [Test]
    public async Task UploadAsync_retries_after_a_stall()
    {
        await using var server = ScriptedServer.Start(
            request => request.Number == 1 ? ApiReply.Uploaded with { ReadBytes = 100_000, HoldUntil = ScriptedResponse.Forever } : ApiReply.Uploaded);
        // A machine that is slower than the limit only retries more often.
        await using var client = ShortClient(server, options => options.MaxRetries = 100);

        await client.UploadAsync(new PatternStream(30_000_000), "song.wav");

        Assert.That(server.Requests, Has.Count.GreaterThan(1));
        Assert.That(server.Requests[^1].BodyLength, Is.EqualTo(30_000_000));
    }

    private static LalalAiClient ShortClient(ScriptedServer server, Action<LalalAiClientOptions>? configure = null) =>
        ApiClients.For(server.Address, options =>
        {
            options.MaxRetries = 0;
            options.InactivityTimeout = Short;
            configure?.Invoke(options);
        });

    private LalalAiClient Client(ScriptedServer server, Action<LalalAiClientOptions>? configure = null) => ApiClients.For(server.Address, options =>
    {
        options.TimeProvider = _clock;
        options.MaxRetries = 0;
        options.RequestTimeout = TimeSpan.FromSeconds(1);
        configure?.Invoke(options);
    });

    /// <summary>Ten parts, each of which takes a while by the clock.</summary>
    private sealed class SlowStream(TestClock clock, TimeSpan pause) : PatternStream(Total)
    {
        public const int Total = 10_000;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            clock.Advance(Position < Total ? pause : TimeSpan.Zero);
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, Total / 10)], cancellationToken);
        }
    }

    /// <summary>A connection that takes a while for each byte, by the clock.</summary>
    private sealed class SlowConnection(TestClock clock, int bytesPerSecond) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var sent = new Sent(clock, bytesPerSecond);
            await request.Content!.CopyToAsync(sent, cancellationToken);
            return new HttpResponseMessage { Content = new StringContent(ApiReply.Uploaded.Body!, Encoding.UTF8, "application/json") };
        }

        private sealed class Sent(TestClock clock, int bytesPerSecond) : MemoryStream
        {
            public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                clock.Advance(TimeSpan.FromSeconds((double)buffer.Length / bytesPerSecond));
                cancellationToken.ThrowIfCancellationRequested();
                return default;
            }
        }
    }

    private sealed class StuckStream() : PatternStream(1000, canSeek: false)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await TestLimit.ForeverAsync(cancellationToken);
            return 0;
        }
    }
}

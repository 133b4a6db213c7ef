using System.Diagnostics;
using LalalAi.Tests.Hosts;
using LalalAi.Tests.Polling;

namespace LalalAi.Tests.Uploads;

/// <summary>How long an upload may take: as long as it moves.</summary>
public sealed class StalledUploadTests
{
    private readonly TestClock _clock = new();

    [Test]
    public async Task An_upload_that_trickles_may_take_longer_than_any_limit()
    {
        await using var server = ApiServer.Start(_ => ApiReply.Uploaded);
        await using var client = Client(server);
        var before = _clock.Elapsed;

        await client.UploadAsync(new SlowStream(_clock, TimeSpan.FromSeconds(50)), "song.wav");

        Assert.That(_clock.Elapsed - before, Is.GreaterThan(TimeSpan.FromMinutes(8)));
        Assert.That(server.Requests.Single().BodyLength, Is.EqualTo(SlowStream.Total));
    }

    [Test]
    public async Task An_upload_that_the_service_stops_reading_fails_after_the_inactivity_limit()
    {
        await using var server = ApiServer.Start(_ => ApiReply.Uploaded with { ReadBytes = 100_000, HoldUntil = ApiReply.Forever });
        await using var client = Client(server);

        var exception = await FailsInTimeAsync(client.UploadAsync(new PatternStream(1_000_000_000), "song.wav"));

        Assert.That(exception.Message, Does.Match(@"^Upload: nothing moved for 00:01:00, after \d+ bytes of 1000000000\. A longer InactivityTimeout"));
        Assert.That(_clock.Elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task An_upload_whose_content_stops_coming_fails_after_the_inactivity_limit()
    {
        await using var server = ApiServer.Start(_ => ApiReply.Uploaded);
        await using var client = Client(server);

        var exception = await FailsInTimeAsync(client.UploadAsync(new StuckStream(), "song.wav"));

        Assert.That(exception.Message, Does.StartWith("Upload: nothing moved for 00:01:00, after 0 bytes."));
    }

    [Test]
    public async Task An_upload_that_is_not_answered_fails_after_the_limit_for_the_answer()
    {
        await using var server = ApiServer.Start(_ => ApiReply.Uploaded with { HoldUntil = ApiReply.Forever });
        await using var client = Client(server, options => options.InactivityTimeout = TimeSpan.FromHours(1));

        var exception = await FailsInTimeAsync(client.UploadAsync(new PatternStream(1000), "song.wav"));

        Assert.That(exception.Message, Is.EqualTo("Upload: the service did not answer within 00:05:00 after the last byte."));
        Assert.That(_clock.Elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public async Task A_stalled_upload_is_sent_again()
    {
        await using var server = ApiServer.Start(request => request.Number == 1 ? ApiReply.Uploaded with { ReadBytes = 100_000, HoldUntil = ApiReply.Forever } : ApiReply.Uploaded);
        await using var client = Client(server, options => options.MaxRetries = 1);

        var upload = client.UploadAsync(new PatternStream(30_000_000), "song.wav");
        await UntilAsync(() => server.Requests is [{ BodyLength: >= 100_000 }]);
        // The client still fills the socket's buffers for a while, and each part that fits is a sign of life: one step of the clock could come too early, and steps
        // that go on after the repetition has begun would time that out as well. A new timer says that it has.
        var timers = _clock.TimersCreated;
        await UntilAsync(() => _clock.TimersCreated > timers, () => _clock.Advance(TimeSpan.FromSeconds(1)));
        await UntilAsync(() => upload.IsCompleted);
        await upload;

        Assert.That(server.Requests.Select(request => request.BodyLength), Is.EqualTo(new[] { 100_000, 30_000_000 }));
    }

    private static async Task UntilAsync(Func<bool> condition, Action? meanwhile = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(60)), "It does not come to pass.");
            await Task.Run(() => meanwhile?.Invoke());
            await Task.Yield();
        }
    }

    private LalalAiClient Client(ApiServer server, Action<LalalAiClientOptions>? configure = null) => ApiClients.For(server.Address, options =>
    {
        options.TimeProvider = _clock;
        options.MaxRetries = 0;
        options.RequestTimeout = TimeSpan.FromSeconds(1);
        configure?.Invoke(options);
    });

    /// <summary>Moves the clock until the upload has failed.</summary>
    private async Task<TimeoutException> FailsInTimeAsync(Task task)
    {
        await UntilAsync(() => task.IsCompleted, () => _clock.Advance(TimeSpan.FromSeconds(0.5)));
        var exception = await Assert.CatchAsync(() => task);
        Assert.That(exception, Is.TypeOf<TimeoutException>(), exception!.ToString());
        return (TimeoutException)exception;
    }

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

    private sealed class StuckStream() : PatternStream(1000, canSeek: false)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}

namespace LalalAi.Tests.Downloads;

/// <summary>Which failures are retried, how often, and after which delays.</summary>
internal sealed class RetriedDownloadTests : DownloadFixture
{
    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task DownloadAsync_retries_a_failure_that_may_pass(int status)
    {
        var server = Serve(
            request => request.Number < 3 ? new ScriptedResponse { Status = status } : ScriptedResponse.File(request, Content));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(302)]
    [TestCase(204)]
    public async Task DownloadAsync_does_not_retry_an_answer_that_will_not_change(int status)
    {
        var server = Serve(_ => new ScriptedResponse { Status = status });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient().DownloadAsync(MakeTrack(new Uri(server.Address, "t?signature=s3cret")), Folder));

        Assert.That(exception!.StatusCode, Is.EqualTo(status));
        Assert.That(exception.ToString(), Does.Not.Contain("s3cret"));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(0, 1)]
    [TestCase(3, 4)]
    public async Task DownloadAsync_fails_after_retries_without_progress(int maximum, int requests)
    {
        var server = Serve(_ => new ScriptedResponse { Status = 503 });
        var options = MakeOptions();
        options.MaxRetries = maximum;

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder));

        Assert.That(exception!.StatusCode, Is.EqualTo(503));
        Assert.That(server.Requests, Has.Count.EqualTo(requests));
    }

    [Test]
    public async Task Receiving_the_same_bytes_again_is_not_progress()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, etag: $"\"{request.Number}\"") with { CutAfter = 100_000 });

        var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(
            () => NewClient().DownloadAsync(MakeTrack(new Uri(server.Address, "t?signature=s3cret")), Folder));

        Assert.That(exception!.ToString(), Does.Not.Contain("s3cret"));
        Assert.That(server.Requests, Has.Count.EqualTo(4));
    }

    [TestCase(null, 0.75, 1.25)]
    [TestCase("7", 7, 7)]
    [TestCase("0", 0, 0)]
    [TestCase("3600", 300, 300)]
    [TestCase("NaN", 0.75, 1.25)]
    [TestCase("-Infinity", 0.75, 1.25)]
    public async Task DownloadAsync_doubles_the_delay_unless_the_server_asks_for_another(string? requested, double least, double most)
    {
        var clock = new TestClock { SkipsDelays = true };
        var server = Serve(request => request.Number < 4
            ? new ScriptedResponse { Status = 503, Headers = requested is null ? [] : [$"Retry-After: {requested}"] }
            : ScriptedResponse.File(request, Content));
        var options = MakeOptions();
        options.TimeProvider = clock;
        options.RetryDelay = TimeSpan.FromSeconds(1);
        options.InactivityTimeout = TestClock.NoLimit;

        await NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder);

        // A delay of zero needs no timer.
        var delays = clock.Delays.Select(delay => delay.TotalSeconds).ToList();
        var factors = most > 0 && least < most ? new[] { 1, 2, 4 } : most > 0 ? [1, 1, 1] : [];
        Assert.That(delays, Has.Count.EqualTo(factors.Length));
        Assert.That(
            delays.Zip(factors, (delay, factor) => delay >= least * factor && delay <= most * factor),
            Is.All.True,
            string.Join(", ", delays));
    }

    [Test]
    public async Task DownloadAsync_waits_until_the_date_that_the_server_asks_for()
    {
        var clock = new TestClock { SkipsDelays = true };
        var server = Serve(request => request.Number == 1
            ? new ScriptedResponse { Status = 503, Headers = ["Date: Fri, 02 Jan 2026 03:04:05 GMT", "Retry-After: Fri, 02 Jan 2026 03:04:12 GMT"] }
            : ScriptedResponse.File(request, Content));
        var options = MakeOptions();
        options.TimeProvider = clock;
        options.InactivityTimeout = TestClock.NoLimit;

        await NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(clock.Delays, Is.EqualTo(new[] { TimeSpan.FromSeconds(7) }));
    }
}

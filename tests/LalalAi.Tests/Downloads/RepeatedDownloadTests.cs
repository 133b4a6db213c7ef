using LalalAi.Downloads;
using LalalAi.Tests.Hosts;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Tests.Downloads;

/// <summary>Which failures are repeated, how often, and after which waits.</summary>
internal sealed class RepeatedDownloadTests : DownloadFixture
{
    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task A_failure_that_may_pass_is_repeated(int status)
    {
        var server = Serve(request => request.Number < 3 ? new HostileResponse { Status = status } : HostileResponse.File(request, Content));

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(302)]
    [TestCase(204)]
    public async Task An_answer_that_will_not_change_is_not_repeated(int status)
    {
        var server = Serve(_ => new HostileResponse { Status = status });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader().DownloadAsync(MakeTrack(new Uri(server.Address, "t?signature=s3cret")), Folder, null, null, default));

        Assert.That(exception!.StatusCode, Is.EqualTo(status));
        Assert.That(exception.ToString(), Does.Not.Contain("s3cret"));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(0, 1)]
    [TestCase(3, 4)]
    public async Task Repetitions_without_progress_come_to_an_end(int maximum, int requests)
    {
        var server = Serve(_ => new HostileResponse { Status = 503 });
        var options = MakeOptions();
        options.MaxRetries = maximum;

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default));

        Assert.That(exception!.StatusCode, Is.EqualTo(503));
        Assert.That(server.Requests, Has.Count.EqualTo(requests));
    }

    [Test]
    public async Task The_same_beginning_again_and_again_is_no_progress()
    {
        var server = Serve(request => HostileResponse.File(request, Content, etag: $"\"{request.Number}\"") with { CutAfter = 100_000 });

        var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => NewDownloader().DownloadAsync(MakeTrack(new Uri(server.Address, "t?signature=s3cret")), Folder, null, null, default));

        Assert.That(exception!.ToString(), Does.Not.Contain("s3cret"));
        Assert.That(server.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Repetitions_wait_twice_as_long_each_time()
    {
        var time = new FakeTimeProvider();
        var arrivals = new List<DateTimeOffset>();
        var server = Serve(request =>
        {
            arrivals.Add(time.GetUtcNow());
            return request.Number < 4 ? new HostileResponse { Status = 503 } : HostileResponse.File(request, Content);
        });
        var options = MakeOptions();
        options.TimeProvider = time;
        options.RetryDelay = TimeSpan.FromSeconds(1);
        options.InactivityTimeout = TimeSpan.FromDays(20);
        var download = NewDownloader(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        await AdvanceUntilAsync(time, TimeSpan.FromMilliseconds(10), () => download.IsCompleted);

        await download;
        var waits = arrivals.Zip(arrivals.Skip(1), (before, after) => (after - before).TotalSeconds).ToList();
        Assert.That(waits[0], Is.GreaterThanOrEqualTo(0.5));
        Assert.That(waits[1], Is.GreaterThanOrEqualTo(1));
        Assert.That(waits[2], Is.GreaterThanOrEqualTo(2));
    }

    [TestCase(0, null, 0.5, 1)]
    [TestCase(3, null, 4, 8)]
    [TestCase(10, null, 15, 30)]
    [TestCase(1000, null, 15, 30)]
    [TestCase(0, 7, 7, 7)]
    [TestCase(0, 0, 0, 0)]
    [TestCase(0, 30, 30, 30)]
    [TestCase(0, 3600, 0.5, 1)]
    [TestCase(0, -5, 0.5, 1)]
    public void The_wait_doubles_up_to_half_a_minute_unless_the_server_asks_for_another(int repetition, int? asked, double least, double most) =>
        Assert.That(RepetitionDelay.Of(repetition, TimeSpan.FromSeconds(1), asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null).TotalSeconds, Is.InRange(least, most));
}

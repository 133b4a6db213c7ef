using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Tests.Downloads;

/// <summary>Downloads have no time limit, as long as they make progress.</summary>
internal sealed class StalledDownloadTests : DownloadFixture
{
    // By the system's clock. A machine that is slower than that only retries more often.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    [TestCase(0)]
    [TestCase(100_000)]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task DownloadAsync_resumes_after_a_stall(int bytes, CancellationToken cancellationToken)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { HoldAfter = request.Number == 1 ? bytes : null });
        var options = MakeOptions();
        options.InactivityTimeout = Short;
        options.MaxRetries = 100;

        await NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder, cancellationToken: cancellationToken);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(server.Requests, Has.Count.GreaterThan(1));
    }

    [TestCase(0)]
    [TestCase(100_000)]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task DownloadAsync_throws_if_every_attempt_stalls(int bytes, CancellationToken cancellationToken)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { HoldAfter = request.Number == 1 ? bytes : 0 });
        var options = MakeOptions();
        options.InactivityTimeout = Short;

        var exception = await Assert.ThrowsAsync<TimeoutException>(() =>
            NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder, cancellationToken: cancellationToken));

        Assert.That(exception!.Message, Does.Contain("no bytes were received for 00:00:00.5").And.Contain("InactivityTimeout"));
        Assert.That(Files, Has.None.EqualTo("song.wav"));
    }

    [Test]
    public async Task DownloadAsync_does_not_take_a_slow_reader_for_a_stall()
    {
        // The clock is advanced between two reads, by the reader itself.
        var time = new FakeTimeProvider();
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var options = MakeOptions();
        options.TimeProvider = time;
        options.MaxRetries = 0;

        await NewClient(options).DownloadAsync(
            MakeTrack(server.Address), Folder, null, new Observer<TransferProgress>(_ => time.Advance(TimeSpan.FromHours(1))));

        Assert.That(Read("song.wav"), Is.Array(Content));
    }
}

namespace LalalAi.Tests.Downloads;

/// <summary>A canceled download keeps its partial file and sends no further requests.</summary>
internal sealed class CanceledDownloadTests : DownloadFixture
{
    [Test]
    public async Task Cancellation_leaves_the_part_and_the_next_call_resumes_it()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { HoldAfter = request.Number == 1 ? 100_000 : null });
        using var cancellation = new CancellationTokenSource();
        var reports = new Observer<TransferProgress>(report =>
        {
            if (report.BytesTransferred == 100_000)
            {
                cancellation.Cancel();
            }
        });
        var options = MakeOptions();
        // So much time passes between two looks at the clock that no report is held back.
        options.TimeProvider = new TestClock { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        options.InactivityTimeout = Timeout.InfiniteTimeSpan;
        var downloader = NewClient(options);

        var exception = await Assert.CatchAsync<OperationCanceledException>(
            () => downloader.DownloadAsync(MakeTrack(server.Address), Folder, null, reports, cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(Read("song.wav.part"), Is.Array(Content[..100_000]));
        await downloader.DownloadAsync(MakeTrack(server.Address), Folder);
        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(server.Requests[1].From, Is.EqualTo(100_000));
    }

    [Test]
    public async Task DownloadAsync_sends_nothing_when_canceled_before_it_begins()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));

        await Assert.CatchAsync<OperationCanceledException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, null, new CancellationToken(canceled: true)));

        Assert.That(server.Requests, Is.Empty);
        Assert.That(Files, Is.Empty);
    }
}

using LalalAi.Tests.Hosts;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Tests.Downloads;

/// <summary>How long a download may take: as long as it moves.</summary>
internal sealed class StalledDownloadTests : DownloadFixture
{
    [Test]
    public async Task A_server_that_stands_still_is_given_up_and_the_part_resumed()
    {
        var time = new FakeTimeProvider();
        var server = Serve(request => HostileResponse.File(request, Content) with { HoldAfter = request.Number == 1 ? 100_000 : null });
        var options = MakeOptions();
        options.TimeProvider = time;
        options.MaxRetries = 100;
        var download = NewDownloader(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), () => server.Requests.Count == 2 || download.IsCompleted);

        await download;
        Assert.That(Read("song.wav"), Is.EqualTo(Content));
    }

    [TestCase(0)]
    [TestCase(100_000)]
    public async Task A_server_that_stands_still_for_good_is_a_time_out_that_says_so(int bytes)
    {
        var time = new FakeTimeProvider();
        var server = Serve(request => HostileResponse.File(request, Content) with { HoldAfter = request.Number == 1 ? bytes : 0 });
        var options = MakeOptions();
        options.TimeProvider = time;
        var download = NewDownloader(options).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), () => download.IsCompleted);

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => download);
        Assert.That(exception!.Message, Does.Contain("nothing moved for 00:01:00").And.Contain("InactivityTimeout"));
        Assert.That(Files, Has.None.EqualTo("song.wav"));
    }

    [Test]
    public async Task A_slow_reader_is_not_a_server_that_stands_still()
    {
        var time = new FakeTimeProvider();
        var server = Serve(request => HostileResponse.File(request, Content));
        var options = MakeOptions();
        options.TimeProvider = time;
        options.MaxRetries = 0;

        await NewDownloader(options).DownloadAsync(MakeTrack(server.Address), Folder, null, new Reports(_ => time.Advance(TimeSpan.FromHours(1))), default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
    }
}

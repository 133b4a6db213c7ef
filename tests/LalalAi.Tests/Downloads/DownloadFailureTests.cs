using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Downloads;

/// <summary>What is no track, or cannot become a file, and what is there while one is coming.</summary>
internal sealed class DownloadFailureTests : DownloadFixture
{
    [Test]
    public async Task Nothing_has_the_final_name_before_it_is_complete()
    {
        var release = new TaskCompletionSource();
        var server = Serve(request => HostileResponse.File(request, Content) with { HoldAfter = 150_000, HoldUntil = release.Task });
        string[] meanwhile = [];

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, new Reports(report =>
        {
            meanwhile = [.. meanwhile, .. Files];
            release.TrySetResult();
        }), default);

        // The last report comes when every byte is there and the name is not changed yet.
        Assert.That(meanwhile.Distinct(), Is.EqualTo(new[] { "song.wav.part", "song.wav.part.json" }));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task An_error_page_is_no_track()
    {
        var server = Serve(request => request.Number == 1 ? new HostileResponse { Body = "<html>"u8.ToArray(), Headers = ["Content-Type: text/html; charset=utf-8"] } : HostileResponse.File(request, Content));

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [TestCase("Content-Encoding: gzip", "content in gzip encoding")]
    [TestCase("Content-Encoding: identity, br", "content in br encoding")]
    [TestCase("Content-Type: text/html", "text/html")]
    public async Task A_body_that_is_not_plain_media_is_no_track(string header, string what)
    {
        var server = Serve(request => HostileResponse.File(request, Content) with { Headers = [header] });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default));

        Assert.That(exception!.Message, Does.StartWith($"The track 'vocals' came as {what} instead of plain media."));
        Assert.That(Files, Is.Empty);
    }

    [Test]
    public async Task An_encoding_that_is_none_is_plain()
    {
        var server = Serve(request => HostileResponse.File(request, Content) with { Headers = ["Content-Encoding: Identity"] });

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("vocals"), Is.EqualTo(Content));
    }

    [Test]
    public async Task A_folder_that_cannot_be_made_is_told_with_what_to_do()
    {
        var server = Serve(request => HostileResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf("file"), "in the way");

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader().DownloadAsync(MakeTrack(server.Address), PathOf("file/inner"), null, null, default));

        Assert.That(exception!.Message, Does.Contain(PathOf("file/inner")).And.Contain("choose another"));
        Assert.That(exception.InnerException, Is.InstanceOf<IOException>());
    }

    [Test]
    public async Task Progress_begins_with_what_was_there_and_ends_with_the_total()
    {
        var server = Serve(request => HostileResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 100_000 : null });
        var reports = new Reports();

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, reports, default);

        Assert.That(reports.All.Select(report => report.TotalBytes), Is.All.EqualTo(Content.Length));
        Assert.That(reports.All.Select(report => report.BytesTransferred), Is.Ordered.And.Contains(100_000L));
        Assert.That(reports.All[^1].Fraction, Is.EqualTo(1));
    }
}

namespace LalalAi.Tests.Downloads;

/// <summary>Responses that are not tracks, files that cannot be created, and the files on disk during a download.</summary>
internal sealed class DownloadFailureTests : DownloadFixture
{
    [Test]
    public async Task File_has_no_final_name_before_it_is_complete()
    {
        var release = new TaskCompletionSource();
        var server = Serve(request => ScriptedResponse.File(request, Content) with { HoldAfter = 150_000, HoldUntil = release.Task });
        string[] meanwhile = [];

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, new Observer<TransferProgress>(report =>
        {
            meanwhile = [.. meanwhile, .. Files];
            release.TrySetResult();
        }), default);

        // The last report comes after the last byte and before the file gets its final name.
        Assert.That(meanwhile.Distinct(), Is.EqualTo(PartOfVocals));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Platform("Linux,MacOsX", Reason = "On Windows the name of an open file stays taken.")]
    public async Task DownloadAsync_neither_finishes_nor_resumes_a_part_that_was_deleted(bool isReplaced)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var replace = new Observer<TransferProgress>(report =>
        {
            if (report.BytesTransferred == Content.Length)
            {
                File.Delete(PathOf("song.wav.part"));
                File.WriteAllText(PathOf(isReplaced ? "song.wav.part" : "notes.txt"), "something else");
            }
        });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address), Folder, progress: replace));
        Assert.That(exception!.Message, Does.Contain("changed by something else"));
        Assert.That(Files, Is.EqualTo(new[] { isReplaced ? "song.wav.part" : "notes.txt" }));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [Test]
    public async Task Error_page_is_retried_and_never_saved()
    {
        var server = Serve(request => request.Number == 1
            ? new ScriptedResponse { Content = "<html>"u8.ToArray(), Headers = ["Content-Type: text/html; charset=utf-8"] }
            : ScriptedResponse.File(request, Content));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [TestCase("Content-Encoding: gzip", "gzip encoding instead of plain media")]
    [TestCase("Content-Encoding: identity, br", "br encoding instead of plain media")]
    [TestCase("Content-Type: text/html", "text/html instead of media")]
    [TestCase("Content-Type: text/xml", "text/xml instead of media")]
    [TestCase("Content-Type: application/xml", "application/xml instead of media")]
    [TestCase("Content-Type: application/xhtml+xml", "application/xhtml+xml instead of media")]
    [TestCase("Content-Type: application/json; charset=utf-8", "application/json instead of media")]
    [TestCase("Content-Type: application/problem+json", "application/problem+json instead of media")]
    public async Task DownloadAsync_rejects_a_body_that_is_not_plain_media(string header, string what)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { Headers = [header] });

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address), Folder));

        Assert.That(exception!.Message, Does.StartWith("The server of the track 'vocals' answered").And.Contain(what));
        Assert.That(Files, Is.Empty);
    }

    [TestCase("<!DOCTYPE html><title>Sign in</title>")]
    [TestCase("\r\n <html><body>Sign in to the network.</body></html>")]
    [TestCase("\uFEFF<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>")]
    [TestCase("{\"detail\": \"The link has expired.\"}")]
    [TestCase("[{\"code\": \"expired\"}]")]
    [TestCase("{}")]
    [TestCase("")]
    public async Task DownloadAsync_rejects_text_and_empty_bodies_with_any_media_type(string body)
    {
        var server = Serve(request => ScriptedResponse.File(request, System.Text.Encoding.UTF8.GetBytes(body), name: null));

        foreach (var existing in Enum.GetValues<ExistingFileBehavior>())
        {
            var options = new DownloadOptions { ExistingFile = existing };
            await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewClient().DownloadAsync(MakeTrack(server.Address), Folder, options));
            Assert.That(Files, Is.Empty);
        }
    }

    [TestCase(0)]
    [TestCase(20, Description = "The length of the text, which looks like the end of the track.")]
    public async Task OpenReadAsync_rejects_text_before_it_returns(int offset)
    {
        var server = Serve(request => ScriptedResponse.File(request, "<html>Sign in</html>"u8.ToArray(), name: null, ranges: false));

        await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewClient().OpenReadAsync(MakeTrack(server.Address), offset));
    }

    [Test]
    public async Task Identity_encoding_is_accepted()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { Headers = ["Content-Encoding: Identity"] });

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("vocals"), Is.Array(Content));
    }

    [Test]
    public async Task Folder_that_cannot_be_created_is_reported_with_what_to_do()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf("file"), "in the way");

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient().DownloadAsync(MakeTrack(server.Address), PathOf("file/inner")));

        Assert.That(exception!.Message, Does.Contain(PathOf("file/inner")).And.Contain("choose another"));
        Assert.That(exception.InnerException, Is.InstanceOf<IOException>());
    }

    [Test]
    public async Task Progress_begins_with_the_bytes_on_disk_and_ends_with_the_total()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 100_000 : null });
        var reports = new Observer<TransferProgress>();

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, reports);

        Assert.That(reports.All.Select(report => report.TotalBytes), Is.All.EqualTo(Content.Length));
        Assert.That(reports.All.Select(report => report.BytesTransferred), Is.Ordered.And.Contains(100_000L));
        Assert.That(reports.All[^1].Fraction, Is.EqualTo(1));
    }
}
